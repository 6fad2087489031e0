using OrleansKeeper.Tests.Databases;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>
/// Three servers that serve one tree: silos on a PostgreSQL of their own. With KEEPER_INTEROP_TARGET=zookeeper an ensemble of genuine
/// ZooKeepers stands in for them, which shows that a test asks for no more than an ensemble promises.
/// </summary>
public sealed class ServerCluster : IAsyncDisposable
{
    private const int Size = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan NoContainerCheck = TimeSpan.FromHours(1);

    private PostgreSqlServer? _database;

    /// <summary>All of them, in no order that means anything.</summary>
    public IReadOnlyList<ServerProcess> Servers { get; private set; } = [];

    /// <summary>Whether silos serve, and not ZooKeepers that stand in.</summary>
    public bool IsOurs => Servers is [{ IsOurs: true }, ..];

    public async Task StartAsync()
    {
        if (Environment.GetEnvironmentVariable("KEEPER_INTEROP_TARGET") == "zookeeper")
        {
            Servers = ZooKeeperProcess.Ensemble("stand-in", NoContainerCheck, Size);
        }
        else
        {
            _database = await PostgreSqlServer.StartAsync();
            Servers = [.. Enumerable.Range(1, Size).Select(number => new SiloProcess($"silo{number}", NoContainerCheck, _database.ConnectionString))];
        }
        await Task.WhenAll(Servers.Select(server => server.StartAsync()));
    }

    /// <summary>The servers, the leader first. Waits until there is one, and the others follow.</summary>
    public async Task<IReadOnlyList<ServerProcess>> LeaderFirstAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var modes = await Task.WhenAll(Servers.Select(server => server.ModeAsync(limit.Token)));
            if (modes.Count(mode => mode == "leader") == 1 && modes.Count(mode => mode == "follower") == Size - 1)
                return [.. Servers.Zip(modes).OrderByDescending(server => server.Second == "leader").Select(server => server.First)];
        }
    }

    public void KeepLogs()
    {
        foreach (var server in Servers)
            server.KeepLogs();
        Console.WriteLine($"The cluster's logs: {string.Join(' ', Servers.Select(server => server.LogPath))}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
