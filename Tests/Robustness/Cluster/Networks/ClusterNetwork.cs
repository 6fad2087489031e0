using System.Net;

namespace OrleansKeeper.Tests.Robustness.Cluster.Networks;

/// <summary>
/// What is between the silos of a cluster, and between each and the database: a link for every pair. Each silo's port for the others is
/// that of a proxy; the silo itself listens behind it. Each silo has a proxy of its own to the database.
/// </summary>
internal sealed class ClusterNetwork : IDisposable
{
    private readonly Dictionary<(int Low, int High), Link> _pairs = [];
    private readonly Link[] _database;
    private readonly PartitionProxy[] _proxies;
    private readonly Func<int, int?> _processOf;

    /// <param name="siloPorts">The port of each silo that the others know.</param>
    /// <param name="listeningPorts">Where each silo listens behind its proxy.</param>
    /// <param name="databasePort">Where the database listens.</param>
    /// <param name="processOf">The process of a silo; null while it has none.</param>
    public ClusterNetwork(int[] siloPorts, int[] listeningPorts, int databasePort, Func<int, int?> processOf)
    {
        _processOf = processOf;
        for (var high = 0; high < siloPorts.Length; high++)
        {
            for (var low = 0; low <= high; low++)
                _pairs[(low, high)] = new Link();
        }

        var database = new IPEndPoint(IPAddress.Loopback, databasePort);
        _database = [.. siloPorts.Select(_ => new Link())];
        var databaseProxies = _database.Select(link => new PartitionProxy(0, database, _ => link)).ToArray();
        DatabasePorts = [.. databaseProxies.Select(proxy => proxy.EndPoint.Port)];
        _proxies = [.. databaseProxies, .. siloPorts.Select((port, silo) => SiloProxy(silo, port, listeningPorts[silo]))];
    }

    /// <summary>Where each silo reaches the database.</summary>
    public int[] DatabasePorts { get; }

    public Link ToDatabase(int silo) => _database[silo];

    public Link Between(int silo, int other) => _pairs[(Math.Min(silo, other), Math.Max(silo, other))];

    /// <summary>The links between a silo and all others.</summary>
    public IEnumerable<Link> ToOthers(int silo) =>
        Enumerable.Range(0, _database.Length).Where(other => other != silo).Select(other => Between(silo, other));

    public void Heal()
    {
        foreach (var link in (IEnumerable<Link>)[.. _pairs.Values, .. _database])
            link.Heal();
    }

    public void Dispose()
    {
        foreach (var proxy in _proxies)
            proxy.Dispose();
        foreach (var link in (IEnumerable<Link>)[.. _pairs.Values, .. _database])
            link.Cut();
    }

    private PartitionProxy SiloProxy(int silo, int port, int listeningPort) =>
        new(port, new IPEndPoint(IPAddress.Loopback, listeningPort), from => Between(silo, SiloAt(from) ?? silo));

    private int? SiloAt(IPEndPoint address)
    {
        var processes = Enumerable.Range(0, _database.Length)
            .Select(silo => (Silo: silo, Process: _processOf(silo)))
            .Where(candidate => candidate.Process is not null)
            .ToDictionary(candidate => candidate.Process!.Value, candidate => candidate.Silo);
        return SocketOwner.Find(address, processes.Keys) is { } process ? processes[process] : null;
    }
}
