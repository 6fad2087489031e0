namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>What is different from the list that was seen before.</summary>
/// <param name="Servers">Everybody who is online now.</param>
/// <param name="Joined">Who was not in the list before.</param>
/// <param name="Left">Who was in the list before.</param>
/// <param name="Updated">Who says something else of itself than before; as it is now.</param>
public sealed record ServersChange(
    ServerList Servers,
    IReadOnlyList<RegisteredServer> Joined,
    IReadOnlyList<RegisteredServer> Left,
    IReadOnlyList<RegisteredServer> Updated)
{
    /// <summary>Compares two lists.</summary>
    internal static ServersChange Between(ServerList before, ServerList now)
    {
        var old = before.ToDictionary(server => server.Name, StringComparer.Ordinal);
        List<RegisteredServer> joined = [];
        List<RegisteredServer> updated = [];
        foreach (var server in now)
        {
            if (!old.Remove(server.Name, out var known))
                joined.Add(server);
            else if (known.Zxid != server.Zxid)
                updated.Add(server);
        }
        return new ServersChange(now, joined, [.. old.Values.OrderBy(server => server.Name, StringComparer.Ordinal)], updated);
    }
}
