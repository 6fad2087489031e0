using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>A container, or a node with a time to live, was created.</summary>
/// <param name="Response">What the reply to an ordinary request has for a body.</param>
public sealed record Create2Result(Create2Response Response) : MultiResult(OpCode.Create2)
{
    internal override int BodySize => Response.Size;

    internal override void WriteBody(ref JuteWriter writer) => Response.Write(ref writer);
}
