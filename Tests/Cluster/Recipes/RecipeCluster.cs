using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>A service for tests of recipes, and ways to disturb its clients.</summary>
public sealed class RecipeCluster : IAsyncLifetime
{
    /// <summary>Longer than a silo takes to restart on a loaded machine.</summary>
    private static readonly TimeSpan LongSessionTimeout = TimeSpan.FromSeconds(20);

    private readonly Partition _partition = new();
    private KeeperTestCluster? _cluster;
    private IKeeperClient? _observer;

    /// <summary>A client that no test disturbs.</summary>
    public IKeeperClient Observer => _observer!;

    private KeeperTestCluster Cluster => _cluster!;

    /// <summary>A path that is this test's alone.</summary>
    public static string NewPath() => $"/recipe-{Guid.NewGuid():n}";

    public static async Task<RecipeCluster> StartAsync()
    {
        var cluster = new RecipeCluster();
        await cluster.InitializeAsync();
        return cluster;
    }

    public async ValueTask InitializeAsync()
    {
        _cluster = await KeeperTestCluster.StartAsync(options =>
        {
            options.ConfigureKeeper = keeper => keeper.MaxSessionTimeout = (int)LongSessionTimeout.TotalMilliseconds;
            options.ConfigureClient = client => client.AddOutgoingGrainCallFilter(_partition);
        });
        _observer = await ConnectAsync();
    }

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>Connects a client, whose session does not expire by itself unless a timeout is given.</summary>
    public async Task<IKeeperClient> ConnectAsync(TimeSpan? sessionTimeout = null) =>
        await Cluster.ConnectAsync(options => options.SessionTimeout = sessionTimeout ?? LongSessionTimeout);

    /// <summary>The service expires the client's session, which the client hears of later.</summary>
    public async Task ExpireSessionAsync(IKeeperClient client)
    {
        await Cluster.ExpireSessionAsync(client);
        Wake(client);
    }

    public async Task DropConnectionAsync(IKeeperClient client)
    {
        await Cluster.DropConnectionAsync(client);
        Wake(client);
    }

    /// <summary>Ends the silo: the service is away until it is restarted.</summary>
    public Task KillSiloAsync() => Cluster.KillSiloAsync();

    /// <summary>Starts the silo that was killed, or stops the one that runs and starts it again.</summary>
    public Task RestartSiloAsync() => Cluster.RestartSiloAsync();

    /// <summary>As a crash: the silo ends without a word, and another starts on its data.</summary>
    public async Task CrashAsync()
    {
        await KillSiloAsync();
        await RestartSiloAsync();
    }

    /// <summary>The service does what the client asks, but the client hears no answer, until the result is disposed.</summary>
    public IDisposable LoseAnswers(IKeeperClient client) => _partition.LoseAnswers(SessionGrainKey.Of(client.Session.Id));

    /// <summary>Nothing reaches the service from the client, nor an answer the client, until the result is disposed.</summary>
    public IDisposable CutOff(IKeeperClient client) => _partition.CutOff(SessionGrainKey.Of(client.Session.Id));

    /// <summary>
    /// A client that asks for nothing would notice at its next sign of life only, a third of its session's timeout later.
    /// </summary>
    private static void Wake(IKeeperClient client) => _ = client.SyncedAsync();
}
