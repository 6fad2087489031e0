using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>Deletes a node in a multi.</summary>
/// <param name="Request">What an ordinary request has for a body.</param>
public sealed record DeleteOperation(DeleteRequest Request) : MultiOperation(OpCode.Delete)
{
    internal override int BodySize => Request.Size;

    internal override void WriteBody(ref JuteWriter writer) => Request.Write(ref writer);
}
