using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The names of a node's children.</summary>
/// <param name="Response">What the reply to an ordinary request has for a body.</param>
public sealed record GetChildrenResult(GetChildrenResponse Response) : MultiResult(OpCode.GetChildren)
{
    internal override int BodySize => Response.Size;

    internal override void WriteBody(ref JuteWriter writer) => Response.Write(ref writer);
}
