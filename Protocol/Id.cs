using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol;

/// <summary>An identity in an access control list, or of a connection.</summary>
/// <param name="Scheme">The authentication scheme.</param>
/// <param name="Identity">Who, in the terms of the scheme.</param>
public readonly record struct Id(string? Scheme, string? Identity) : IJuteRecord<Id>
{
    /// <summary>The fewest bytes the record takes.</summary>
    public const int MinimumWireSize = 2 * JuteSize.Length;

    /// <summary>Everybody: world:anyone.</summary>
    public static Id Anyone => new("world", "anyone");

    /// <summary>In a list to be set: whoever the connection has authenticated as.</summary>
    public static Id Auth => new("auth", "");

    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Scheme) + JuteSize.OfString(Identity);

    /// <inheritdoc/>
    public static Id Read(ref JuteReader reader) => new(reader.ReadString(), reader.ReadString());

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Scheme);
        writer.WriteString(Identity);
    }
}
