using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of auth.</summary>
/// <param name="Type">Unused; 0.</param>
/// <param name="Scheme">The authentication scheme.</param>
/// <param name="Auth">The credentials, in the terms of the scheme.</param>
public readonly record struct AuthPacket(int Type, string? Scheme, byte[]? Auth) : IJuteRecord<AuthPacket>
{
    /// <inheritdoc/>
    public int Size => JuteSize.Int + JuteSize.OfString(Scheme) + JuteSize.OfBuffer(Auth);

    /// <inheritdoc/>
    public static AuthPacket Read(ref JuteReader reader) => new(reader.ReadInt(), reader.ReadString(), reader.ReadBuffer());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteInt(Type);
        writer.WriteString(Scheme);
        writer.WriteBuffer(Auth);
    }
}
