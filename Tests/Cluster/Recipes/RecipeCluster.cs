using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Testing;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>The service with everything that may happen to a recipe.</summary>
internal sealed class RecipeCluster : IAsyncDisposable
{
    private readonly KeeperTestCluster _cluster;

    private RecipeCluster(KeeperTestCluster cluster) => _cluster = cluster;

    public static async Task<RecipeCluster> StartAsync() => new(await KeeperTestCluster.StartAsync());

    public async Task<IKeeperClient> ConnectAsync() =>
        await _cluster.ConnectAsync(options => options.SessionTimeout = TimeSpan.FromSeconds(30));

    /// <summary>Expires the session that the client has now, unless it is between two.</summary>
    public Task ExpireSessionAsync(IKeeperClient client) => _cluster.ExpireSessionAsync(client);

    public Task DropConnectionAsync(IKeeperClient client) => _cluster.DropConnectionAsync(client);

    public Task RestartAsync() => _cluster.RestartSiloAsync();

    /// <summary>As a crash: the silo ends without a word, and another starts on its data.</summary>
    public async Task CrashAsync()
    {
        await _cluster.KillSiloAsync();
        await _cluster.RestartSiloAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
