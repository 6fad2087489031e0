using System.Collections;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>Which servers are online, in the order in which they registered: a moment's view, which never changes.</summary>
/// <param name="servers">The servers, in any order.</param>
public sealed class ServerList(IEnumerable<RegisteredServer> servers) : IReadOnlyList<RegisteredServer>
{
    private readonly RegisteredServer[] _servers = [.. servers.OrderBy(server => server.Name, StringComparer.Ordinal)];

    /// <summary>Nobody.</summary>
    public static ServerList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _servers.Length;

    /// <inheritdoc/>
    public RegisteredServer this[int index] => _servers[index];

    /// <inheritdoc/>
    public IEnumerator<RegisteredServer> GetEnumerator() => _servers.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
