using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>Checks a node's version in a multi.</summary>
/// <param name="Request">What an ordinary request has for a body.</param>
public sealed record CheckOperation(CheckVersionRequest Request) : MultiOperation(OpCode.Check)
{
    internal override int BodySize => Request.Size;

    internal override void WriteBody(ref JuteWriter writer) => Request.Write(ref writer);
}
