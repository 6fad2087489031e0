using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Tests.Cluster.Storage;

/// <summary>What Orleans' own grain storage does on every provider's database, in a real silo.</summary>
public abstract class KeeperGrainStorageTests
{
    [Fact]
    public async Task StateSurvivesARestartOfTheSilo()
    {
        await using (var cluster = await DeployAsync())
        {
            Assert.Equal(-1, await Counter(cluster, "test/a").Read());
            Assert.Equal(5, await Counter(cluster, "test/a").Add(5));
            Assert.Equal(8, await Counter(cluster, "test/a").Add(3));
            Assert.Equal(1, await Counter(cluster, "test/b").Add(1));
            await cluster.StopAllSilosAsync();
        }

        await using var restarted = await DeployAsync();
        Assert.Equal(8, await Counter(restarted, "test/a").Read());
        Assert.Equal(1, await Counter(restarted, "test/b").Read());
        Assert.Equal(9, await Counter(restarted, "test/a").Add(1));
    }

    [Fact]
    public async Task ClearedStateLeavesNoRowAndCanBeWrittenAgain()
    {
        await using var cluster = await DeployAsync();
        var counter = Counter(cluster, "test/cleared");
        await counter.Add(1);
        await counter.Clear();

        Assert.Equal(0, CountRows());
        Assert.Equal(-1, await counter.Read());
        await counter.Add(2);
        Assert.Equal(1, CountRows());
    }

    [Fact]
    public async Task OfConcurrentFirstWritesExactlyOneWins()
    {
        await using var cluster = await DeployAsync();
        var storage = Storage(cluster);
        for (var round = 0; round < 20; round++)
        {
            var id = GrainId.Create("counter", $"test/race{round}");
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(value =>
                Task.Run(() => TryWriteAsync(storage, id, new GrainState<CounterState>(new() { Value = value })))));

            Assert.Single(outcomes, won => won);
        }
    }

    [Fact]
    public async Task WriteWithAnOldETagIsRefused()
    {
        await using var cluster = await DeployAsync();
        var storage = Storage(cluster);
        var id = GrainId.Create("counter", "test/etag");
        var state = new GrainState<CounterState>(new() { Value = 1 });
        Assert.True(await TryWriteAsync(storage, id, state));
        var stale = new GrainState<CounterState>(new() { Value = 2 }, state.ETag) { RecordExists = true };
        Assert.True(await TryWriteAsync(storage, id, state));

        Assert.False(await TryWriteAsync(storage, id, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("counter", id, stale));
        await storage.ClearStateAsync("counter", id, state);
        var deleted = new GrainState<CounterState>(new() { Value = 3 }, "2") { RecordExists = true };
        Assert.False(await TryWriteAsync(storage, id, deleted));
    }

    private protected static ICounterGrain Counter(InProcessTestCluster cluster, string key) => cluster.Client.GetGrain<ICounterGrain>(key);

    private static IGrainStorage Storage(InProcessTestCluster cluster) =>
        cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(KeeperGrainStorage.Sessions);

    private static async Task<bool> TryWriteAsync(IGrainStorage storage, GrainId id, GrainState<CounterState> state)
    {
        try
        {
            await storage.WriteStateAsync("counter", id, state);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    /// <summary>Adds the storage to a silo.</summary>
    protected abstract void Configure(ISiloBuilder silo);

    /// <summary>Number of states that are stored.</summary>
    protected abstract long CountRows();

    private protected async Task<InProcessTestCluster> DeployAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "keeper";
        builder.ConfigureSilo((_, silo) => Configure(silo));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
