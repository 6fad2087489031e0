using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>A node was created.</summary>
/// <param name="Response">What the reply to an ordinary request has for a body.</param>
public sealed record CreateResult(CreateResponse Response) : MultiResult(OpCode.Create)
{
    internal override int BodySize => Response.Size;

    internal override void WriteBody(ref JuteWriter writer) => Response.Write(ref writer);
}
