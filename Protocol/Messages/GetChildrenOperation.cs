using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>Reads the names of a node's children in a multi.</summary>
/// <param name="Request">What an ordinary request has for a body. Its watch flag is ignored.</param>
public sealed record GetChildrenOperation(PathWatchRequest Request) : MultiOperation(OpCode.GetChildren)
{
    /// <inheritdoc/>
    public override bool IsRead => true;

    internal override int BodySize => Request.Size;

    internal override void WriteBody(ref JuteWriter writer) => Request.Write(ref writer);
}
