using System.Text;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.Naming;

/// <summary>A name and what it stands for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Addresses">Its addresses, in the order in which they were given.</param>
/// <param name="Zxid">The transaction that bound it to these.</param>
public sealed record NameBinding(string Name, IReadOnlyList<ServerAddress> Addresses, long Zxid)
{
    /// <summary>The znode's data: one address a line, as text in UTF-8.</summary>
    internal static byte[] Encode(IEnumerable<ServerAddress> addresses) => Encoding.UTF8.GetBytes(string.Join('\n', addresses));

    /// <exception cref="FormatException">A line is not an address; the message names the znode.</exception>
    internal static NameBinding Decode(string name, string path, ZNodeContent content)
    {
        List<ServerAddress> addresses = [];
        foreach (var line in content.Text().AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
                continue;
            if (!ServerAddress.TryParse(line.Trim(), out var address))
                throw new FormatException($"The data of {path} does not hold addresses: \"{line}\" is not host:port.");
            addresses.Add(address);
        }
        return new NameBinding(name, addresses, content.Stat.Mzxid);
    }
}
