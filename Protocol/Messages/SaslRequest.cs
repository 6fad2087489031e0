using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>The body of sasl.</summary>
/// <param name="Token">The client's token.</param>
public readonly record struct SaslRequest(byte[]? Token) : IJuteRecord<SaslRequest>
{
    /// <inheritdoc/>
    public int Size => JuteSize.OfBuffer(Token);

    /// <inheritdoc/>
    public static SaslRequest Read(ref JuteReader reader) => new(reader.ReadBuffer());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer) => writer.WriteBuffer(Token);
}
