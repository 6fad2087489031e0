using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>A node's data was set.</summary>
/// <param name="Response">What the reply to an ordinary request has for a body.</param>
public sealed record SetDataResult(SetDataResponse Response) : MultiResult(OpCode.SetData)
{
    internal override int BodySize => Response.Size;

    internal override void WriteBody(ref JuteWriter writer) => Response.Write(ref writer);
}
