using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>Sets a node's data in a multi.</summary>
/// <param name="Request">What an ordinary request has for a body.</param>
public sealed record SetDataOperation(SetDataRequest Request) : MultiOperation(OpCode.SetData)
{
    internal override int BodySize => Request.Size;

    internal override void WriteBody(ref JuteWriter writer) => Request.Write(ref writer);
}
