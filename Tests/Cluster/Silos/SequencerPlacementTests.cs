using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>The sequencer moves between silos that all go on.</summary>
public sealed class SequencerPlacementTests
{
    private const int Writers = 32;

    [Fact]
    public async Task R9_SequencerFollowsTheWritesAndEachIsExecutedOnce()
    {
        await using var cluster = await KeeperTestCluster.StartAsync(options =>
        {
            options.Silos = 3;
            options.ConfigureKeeper = keeper => keeper.SequencerMovesAfter = 400;
        });
        await cluster.ServicesOf(0).CreateAsync("/q", []);
        var written = new SequentialWrites();
        var first = await cluster.FindSequencerAsync();
        for (var step = 1; step <= 3; step++)
        {
            var silo = (first + step) % cluster.SiloCount;
            using var stopping = new CancellationTokenSource();
            var writers = Enumerable.Range(0, Writers).Select(_ => written.WriteAsync(cluster.ServicesOf(silo), stopping.Token)).ToArray();
            await Eventually.IsTrueAsync(() => cluster.Get<Sequencer>(silo).IsHolder);
            var reached = written.Count;
            await Eventually.IsTrueAsync(() => written.Count > reached + 200);
            await stopping.CancelAsync();
            await Task.WhenAll(writers);
        }

        written.AssertExecutedOnce();
    }

    [Fact]
    public async Task SequencerIsHandedOverOnlyByItsHolderInItsEpoch()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        var holder = await cluster.FindSequencerAsync();
        var epoch = cluster.Get<Sequencer>(holder).Epoch;
        var (next, other) = ((holder + 1) % 3, (holder + 2) % 3);
        var (asked, to) = (AddressOf(cluster, holder), AddressOf(cluster, next));
        var silos = cluster.Get<Grains.Clustering.ISilos>(other);

        Assert.False(await silos.HandOverAsync(asked, epoch - 1, to));
        Assert.False(await silos.HandOverAsync(to, epoch, AddressOf(cluster, other)));
        Assert.True(cluster.Get<Sequencer>(holder).IsHolder);

        // Before it has said how far it is, nothing is handed to it.
        await Eventually.IsTrueAsync(async () => await silos.HandOverAsync(asked, epoch, to));
        Assert.Equal(next, await cluster.FindSequencerAsync());
        Assert.False(await silos.HandOverAsync(asked, epoch, to));
    }

    private static SiloAddress AddressOf(KeeperTestCluster cluster, int silo) => cluster.Get<Grains.Clustering.ISilos>(silo).Self;
}
