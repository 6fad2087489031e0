using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// The first frame a client sends, without a header. Clients older than 3.4 end it before the read-only flag, and must get a
/// <see cref="ConnectResponse"/> without one.
/// </summary>
/// <param name="ProtocolVersion">0.</param>
/// <param name="LastZxidSeen">The last transaction the client has seen; a server behind it must not serve the client.</param>
/// <param name="Timeout">The session timeout the client asks for, in milliseconds.</param>
/// <param name="SessionId">The session to resume, or 0 for a new one.</param>
/// <param name="Password">The password of the session to resume; of any length, or null, for a new one.</param>
/// <param name="ReadOnly">Whether a read-only server will do.</param>
/// <param name="HasReadOnly">Whether the read-only flag is there at all.</param>
public readonly record struct ConnectRequest(
    int ProtocolVersion,
    long LastZxidSeen,
    int Timeout,
    long SessionId,
    byte[]? Password,
    bool ReadOnly = false,
    bool HasReadOnly = true) : IJuteRecord<ConnectRequest>
{
    /// <inheritdoc/>
    public int Size => 2 * JuteSize.Int + 2 * JuteSize.Long + JuteSize.OfBuffer(Password) + (HasReadOnly ? JuteSize.Byte : 0);

    /// <inheritdoc/>
    public static ConnectRequest Read(ref JuteReader reader)
    {
        var request = new ConnectRequest(
            reader.ReadInt(),
            reader.ReadLong(),
            reader.ReadInt(),
            reader.ReadLong(),
            reader.ReadBuffer(),
            HasReadOnly: false);
        return reader.Remaining == 0 ? request : request with { ReadOnly = reader.ReadBoolean(), HasReadOnly = true };
    }

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt(ProtocolVersion);
        writer.WriteLong(LastZxidSeen);
        writer.WriteInt(Timeout);
        writer.WriteLong(SessionId);
        writer.WriteBuffer(Password);
        if (HasReadOnly)
            writer.WriteBoolean(ReadOnly);
    }
}
