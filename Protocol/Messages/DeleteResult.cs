using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>A node was deleted.</summary>
public sealed record DeleteResult() : MultiResult(OpCode.Delete)
{
    internal override int BodySize => 0;

    internal override void WriteBody(ref JuteWriter writer)
    {
    }
}
