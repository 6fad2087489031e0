using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>
/// What a server says of itself in its znode, as text in UTF-8 that any ZooKeeper client can read: the address on the first line, and then,
/// if there are any, further facts, one <c>name=value</c> a line.
/// </summary>
public sealed class ServerDescription
{
    private static readonly FrozenDictionary<string, string> NoMetadata = FrozenDictionary<string, string>.Empty;

    /// <summary>A description.</summary>
    /// <param name="address">Where the server can be reached.</param>
    /// <param name="metadata">Further facts, for those who choose a server: <c>zone=eu-1</c>.</param>
    /// <exception cref="ArgumentException">A name or value that would not come back as it was written.</exception>
    public ServerDescription(ServerAddress address, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        foreach (var (name, value) in metadata ?? NoMetadata)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\n', '\r'))
            {
                throw new ArgumentException(
                    $"\"{name}\" cannot name a fact about a server: it is empty, or contains an equals sign or a line break.", nameof(metadata));
            }
            if (value.AsSpan().ContainsAny('\n', '\r'))
                throw new ArgumentException($"The value of \"{name}\" contains a line break.", nameof(metadata));
        }
        Address = address;
        Metadata = metadata ?? NoMetadata;
    }

    /// <summary>Where the server can be reached.</summary>
    public ServerAddress Address { get; }

    /// <summary>Further facts, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a znode's data; false when its first line is not an address. Lines without an equals sign are passed over.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ServerDescription? description)
    {
        description = null;
        ServerAddress? address = null;
        Dictionary<string, string>? metadata = null;
        foreach (var line in Encoding.UTF8.GetString(data).AsSpan().EnumerateLines())
        {
            if (address is null)
            {
                if (!ServerAddress.TryParse(line.Trim(), out address))
                    return false;
            }
            else if (line.IndexOf('=') is > 0 and var equals)
            {
                (metadata ??= new(StringComparer.Ordinal))[line[..equals].ToString()] = line[(equals + 1)..].ToString();
            }
        }
        description = new ServerDescription(address!, metadata);
        return true;
    }

    /// <summary>The znode's data.</summary>
    public byte[] Encode()
    {
        var text = new StringBuilder(Address.ToString());
        foreach (var (name, value) in Metadata)
            text.Append('\n').Append(name).Append('=').Append(value);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
