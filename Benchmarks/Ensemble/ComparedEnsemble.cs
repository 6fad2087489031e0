using System.Net;
using OrleansKeeper.Benchmarks.Comparison;
using OrleansKeeper.Tests.Ports;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary>Servers that keep one tree, all on this machine.</summary>
internal class ComparedEnsemble : IAsyncDisposable
{
    protected ComparedEnsemble(ComparedServer[] servers, int leader)
    {
        Servers = servers;
        Asked = servers[(leader + 1) % servers.Length];
    }

    /// <summary>The one that has all clients when they are not spread: not the leader when it began.</summary>
    public ComparedServer Asked { get; }

    protected IReadOnlyList<ComparedServer> Servers { get; }

    /// <summary>Where clients connect to.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints(bool areSpread) =>
        areSpread ? [.. Servers.Select(server => server.EndPoint)] : [Asked.EndPoint];

    /// <summary>ZooKeeper's own, of so many servers.</summary>
    public static async Task<ComparedEnsemble> StartZooKeeperAsync(int count, CancellationToken cancellationToken)
    {
        var members = TakePorts(count);
        var servers = await Task.WhenAll(members.Select((ports, i) => ComparedServer.StartAsync(
            (folder, _) => ZooKeeperCommand.CreateOfEnsemble(folder, members, i), ports, cancellationToken)));
        return new ComparedEnsemble(servers, await ServerStatus.FindLeaderAsync(servers, cancellationToken));
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await server.DisposeAsync();
    }

    protected static int[][] TakePorts(int count) => [.. FreePorts.Take(count * SiloCommand.PortCount).Chunk(SiloCommand.PortCount)];
}
