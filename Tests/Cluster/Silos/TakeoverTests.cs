using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>The sequencer's silo goes, in all the ways in which it can within one process, while the others are written to.</summary>
public sealed class TakeoverTests
{
    private const int Writers = 8;

    public enum Ending
    {
        Kill,
        Stop,
        HandOver,
        Depose,
    }

    [Theory]
    [InlineData(Ending.Kill)]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.HandOver)]
    [InlineData(Ending.Depose)]
    public async Task R9_WhatTheOthersSubmittedIsExecutedOnce(Ending ending)
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        await cluster.ServicesOf(0).CreateAsync("/q", []);
        var sequencer = await cluster.FindSequencerAsync();
        var epoch = cluster.Get<Sequencer>(sequencer).Epoch;
        var others = Enumerable.Range(0, 3).Where(silo => silo != sequencer).Select(cluster.ServicesOf).ToArray();
        using var stopping = new CancellationTokenSource();
        var written = new SequentialWrites();
        var writers = Enumerable.Range(0, Writers).Select(writer => written.WriteAsync(others[writer % 2], stopping.Token)).ToArray();
        await Eventually.IsTrueAsync(() => written.Count > 200);

        await EndAsync(cluster, sequencer, ending);
        await Eventually.IsTrueAsync(() => written.Last is { } last && Zxid.EpochOf(last.Zxid) > epoch);
        var reached = written.Count;
        await Eventually.IsTrueAsync(() => written.Count > reached + 200);
        await stopping.CancelAsync();
        await Task.WhenAll(writers);

        written.AssertExecutedOnce();
        foreach (var silo in others)
        {
            await silo.SyncAsync();
            Assert.Equal(written.Count, silo.Find("/q").Node!.NumChildren);
        }
    }

    [Fact]
    public async Task TheServiceGoesOnWhileItsSilosAreReplacedOneByOne()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        await cluster.ServicesOf(0).CreateAsync("/n", [0]);
        var version = 0;
        for (byte round = 1; round <= 4; round++)
        {
            var sequencer = await cluster.FindSequencerAsync();
            await (round % 2 == 0 ? cluster.StopSiloAsync(sequencer) : cluster.KillSiloAsync(sequencer));
            await cluster.AddSiloAsync();
            for (var silo = 0; silo < 3; silo++)
            {
                var transaction = await cluster.ServicesOf(silo).SetDataAsync("/n", [round, (byte)silo], version++);
                Assert.Equal(ErrorCode.Ok, transaction.Error);
            }

            for (var silo = 0; silo < 3; silo++)
            {
                await cluster.ServicesOf(silo).SyncAsync();
                Assert.Equal<byte>([round, 2], cluster.ServicesOf(silo).Show("/n")!);
            }
        }
    }

    [Fact]
    public async Task R4_SyncThenReadShowsWhatWasAcknowledgedOnAnotherSilo()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        await cluster.ServicesOf(0).CreateAsync("/n", [0]);
        for (byte value = 1; value < 200; value++)
        {
            // A sequencer that was deposed and does not know it yet must not be believed either.
            if (value % 50 == 0)
                await EndAsync(cluster, await cluster.FindSequencerAsync(), Ending.Depose);
            await cluster.ServicesOf(value % 3).SetDataAsync("/n", [value]);
            var reader = cluster.ServicesOf((value + 1) % 3);
            await reader.SyncAsync();
            Assert.Equal<byte>([value], reader.Show("/n")!);
        }
    }

    [Fact]
    public async Task R5_WhatASiloSubmitsTakesEffectInItsOrderOnWhicheverSiloTheSequencerIs()
    {
        const int Requests = 3000;
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        await cluster.ServicesOf(0).CreateAsync("/n", []);

        // Nobody waits for an answer, so that many messages are made, and one sequencer after the other takes them.
        var pipelines = Enumerable.Range(0, 3)
            .Select(silo => Enumerable.Range(0, Requests).Select(_ => cluster.ServicesOf(silo).SetDataAsync("/n", [])).ToArray())
            .ToArray();
        await EndAsync(cluster, await cluster.FindSequencerAsync(), Ending.Depose);

        foreach (var pipeline in pipelines)
        {
            var zxids = (await Task.WhenAll(pipeline)).Select(transaction => transaction.Zxid).ToArray();
            Assert.Equal(zxids.Order(), zxids);
        }

        // A silo that has answered its own requests need not have those of the others yet.
        await cluster.ServicesOf(0).SyncAsync();
        Assert.Equal(3 * Requests, cluster.ServicesOf(0).Find("/n").Node!.Version);
    }

    [Fact]
    public async Task OfSilosThatAllTryToTakeOverOneDoes()
    {
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        var epoch = cluster.Get<Sequencer>(await cluster.FindSequencerAsync()).Epoch;

        var wins = await Task.WhenAll(Enumerable.Range(0, 3).Select(silo => cluster.Get<Sequencer>(silo).TryBeginAsync(epoch, default)));

        Assert.Single(wins, win => win);
        await cluster.FindSequencerAsync();
        Assert.Equal(ErrorCode.Ok, (await cluster.ServicesOf(0).CreateAsync("/a", [])).Error);
    }

    private static async Task EndAsync(KeeperTestCluster cluster, int sequencer, Ending ending)
    {
        switch (ending)
        {
            case Ending.Kill:
                await cluster.KillSiloAsync(sequencer);
                break;
            case Ending.Stop:
                await cluster.StopSiloAsync(sequencer);
                break;
            case Ending.HandOver:
                Assert.NotNull(await cluster.Get<Sequencer>(sequencer).HandOverAsync(preferred: null, default));
                break;
            case Ending.Depose:
                var epoch = cluster.Get<Sequencer>(sequencer).Epoch;
                Assert.True(await cluster.Get<Sequencer>((sequencer + 1) % cluster.SiloCount).TryBeginAsync(epoch, default));
                break;
        }
    }
}
