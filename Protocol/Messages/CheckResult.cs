using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>A node's version was the one asked for.</summary>
public sealed record CheckResult() : MultiResult(OpCode.Check)
{
    internal override int BodySize => 0;

    internal override void WriteBody(ref JuteWriter writer)
    {
    }
}
