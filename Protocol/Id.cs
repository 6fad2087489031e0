using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol;

/// <summary>An identity in an access control list, or of a connection.</summary>
/// <param name="Scheme">The authentication scheme.</param>
/// <param name="Identity">Who, in the terms of the scheme.</param>
public readonly record struct Id(string? Scheme, string? Identity) : IJuteRecord<Id>
{
    private const string World = "world";
    private const string AnyoneInWorld = "anyone";

    /// <summary>The fewest bytes the record takes.</summary>
    public const int MinimumWireSize = 2 * JuteSize.Length;

    private static ReadOnlySpan<byte> EncodedAnyone => "\0\0\0\u0005world\0\0\0\u0006anyone"u8;

    /// <summary>Everybody: world:anyone.</summary>
    public static Id Anyone => new(World, AnyoneInWorld);

    /// <summary>In a list to be set: whoever the connection has authenticated as.</summary>
    public static Id Auth => new("auth", "");

    /// <inheritdoc/>
    public int Size => JuteSize.OfString(Scheme) + JuteSize.OfString(Identity);

    /// <inheritdoc/>
    public static Id Read(ref JuteReader reader)
    {
        // Nearly every create of nearly every client says this, so it costs no strings.
        var encoded = reader.Unread;
        if (encoded.StartsWith(EncodedAnyone))
        {
            reader.Skip(EncodedAnyone.Length);
            return Anyone;
        }

        return new(reader.ReadString(), reader.ReadString());
    }

    /// <inheritdoc/>
    public void Write(ref JuteWriter writer)
    {
        writer.WriteString(Scheme);
        writer.WriteString(Identity);
    }
}
