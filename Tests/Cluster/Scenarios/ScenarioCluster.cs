using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Testing;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>The service that the tests of a class share; each uses paths of its own.</summary>
public sealed class ScenarioCluster : IAsyncLifetime
{
    private KeeperTestCluster? _cluster;

    private KeeperTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster was not started.");

    public async ValueTask InitializeAsync() => _cluster = await KeeperTestCluster.StartAsync();

    /// <summary>A client with a session of its own.</summary>
    public async Task<IKeeperClient> ConnectAsync() => await Cluster.ConnectAsync();

    public Task ExpireSessionAsync(IKeeperClient client) => Cluster.ExpireSessionAsync(client);

    public Task DropConnectionAsync(IKeeperClient client) => Cluster.DropConnectionAsync(client);

    public Task KillSiloAsync() => Cluster.KillSiloAsync();

    public Task RestartSiloAsync() => Cluster.RestartSiloAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
