using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>What every reply but that of the handshake begins with. A body follows only if there is no error.</summary>
/// <param name="Xid">The number of the request.</param>
/// <param name="Zxid">The last transaction the server has seen.</param>
/// <param name="Error">The outcome.</param>
public readonly record struct ReplyHeader(int Xid, long Zxid, ErrorCode Error) : IJuteRecord<ReplyHeader>
{
    /// <summary>The bytes the record takes.</summary>
    public const int WireSize = 2 * JuteSize.Int + JuteSize.Long;

    /// <inheritdoc/>
    public int Size => WireSize;

    /// <inheritdoc/>
    public static ReplyHeader Read(ref JuteReader reader) => new(reader.ReadInt(), reader.ReadLong(), (ErrorCode)reader.ReadInt());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt(Xid);
        writer.WriteLong(Zxid);
        writer.WriteInt((int)Error);
    }
}
