using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>Creates a node in a multi.</summary>
/// <param name="Type">One of create, create2 and createContainer.</param>
/// <param name="Request">What an ordinary request has for a body.</param>
public sealed record CreateOperation(OpCode Type, CreateRequest Request) : MultiOperation(Type)
{
    /// <inheritdoc/>
    public override OpCode ResultType => ResultTypeOfCreate(Request.Flags);

    internal override int BodySize => Request.Size;

    internal override void WriteBody(ref JuteWriter writer) => Request.Write(ref writer);
}
