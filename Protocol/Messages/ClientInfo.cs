using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol.Messages;

/// <summary>An identity of a connection.</summary>
/// <param name="AuthScheme">The authentication scheme.</param>
/// <param name="User">Who, without secrets.</param>
public readonly record struct ClientInfo(string? AuthScheme, string? User) : IJuteRecord<ClientInfo>
{
    /// <summary>The fewest bytes the record takes.</summary>
    public const int MinimumWireSize = 2 * JuteSize.Length;

    /// <inheritdoc/>
    public int Size => JuteSize.OfString(AuthScheme) + JuteSize.OfString(User);

    /// <inheritdoc/>
    public static ClientInfo Read(ref JuteReader reader) => new(reader.ReadString(), reader.ReadString());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(AuthScheme);
        writer.WriteString(User);
    }
}
