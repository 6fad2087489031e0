using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The reply to sasl.</summary>
/// <param name="Token">The server's token, or null.</param>
public readonly record struct SaslResponse(byte[]? Token) : IJuteRecord<SaslResponse>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfBuffer(Token);

    /// <inheritdoc/>
    public static SaslResponse Read(ref JuteReader reader) => new(reader.ReadBuffer());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteBuffer(Token);
}
