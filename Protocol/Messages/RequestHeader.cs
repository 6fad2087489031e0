using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>What every request but the handshake begins with.</summary>
/// <param name="Xid">The number that the reply carries too.</param>
/// <param name="OpCode">What is asked for.</param>
public readonly record struct RequestHeader(int Xid, OpCode OpCode) : IJuteRecord<RequestHeader>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = 2 * JuteSize.Int;

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static RequestHeader Read(ref JuteReader reader) => new(reader.ReadInt(), (OpCode)reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt(Xid);
        writer.WriteInt((int)OpCode);
    }
}
