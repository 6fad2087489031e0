using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>Creates a node with a time to live in a multi.</summary>
/// <param name="Request">What an ordinary request has for a body.</param>
public sealed record CreateTtlOperation(CreateTtlRequest Request) : MultiOperation(OpCode.CreateTtl)
{
    /// <inheritdoc/>
    public override OpCode ResultType => ResultTypeOfCreate(Request.Flags);

    internal override int BodySize => Request.Size;

    internal override void WriteBody(ref JuteWriter writer) => Request.Write(ref writer);
}
