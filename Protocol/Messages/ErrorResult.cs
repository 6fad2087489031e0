using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// An operation failed. If any write of a multi does, all results are of this kind, and nothing was done: the operations before the
/// failed one have <see cref="ErrorCode.Ok"/>, those behind it <see cref="ErrorCode.RuntimeInconsistency"/>.
/// </summary>
/// <param name="Response">The code, which the header in front of the result has too.</param>
public sealed record ErrorResult(ErrorResponse Response) : MultiResult(OpCode.Error)
{
    /// <inheritdoc/>
    public override ErrorCode Error => Response.Error;

    internal override int BodySize => Response.Size;

    internal override void WriteBody(ref JuteWriter writer) => Response.Write(ref writer);
}
