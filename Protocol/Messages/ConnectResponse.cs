using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>
/// The first frame a server sends, without a header. It has the read-only flag only if the <see cref="ConnectRequest"/> had one.
/// A session that cannot be resumed is answered by zeros throughout.
/// </summary>
/// <param name="ProtocolVersion">0.</param>
/// <param name="Timeout">The session timeout agreed on, in milliseconds; 0 if there is no session.</param>
/// <param name="SessionId">The session; 0 if there is none.</param>
/// <param name="Password">The password to resume the session with.</param>
/// <param name="ReadOnly">Whether the server is read-only.</param>
/// <param name="HasReadOnly">Whether the read-only flag is there at all.</param>
public readonly record struct ConnectResponse(
    int ProtocolVersion,
    int Timeout,
    long SessionId,
    byte[]? Password,
    bool ReadOnly = false,
    bool HasReadOnly = true) : IJuteRecord<ConnectResponse>
{
    /// <inheritdoc/>
    public int Size => 2 * JuteSize.Int + JuteSize.Long + JuteSize.OfBuffer(Password) + (HasReadOnly ? JuteSize.Byte : 0);

    /// <inheritdoc/>
    public static ConnectResponse Read(ref JuteReader reader)
    {
        var response = new ConnectResponse(
            reader.ReadInt(),
            reader.ReadInt(),
            reader.ReadLong(),
            reader.ReadBuffer(),
            HasReadOnly: false);
        return reader.Remaining == 0 ? response : response with { ReadOnly = reader.ReadBoolean(), HasReadOnly = true };
    }

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt(ProtocolVersion);
        writer.WriteInt(Timeout);
        writer.WriteLong(SessionId);
        writer.WriteBuffer(Password);
        if (HasReadOnly)
            writer.WriteBoolean(ReadOnly);
    }
}
