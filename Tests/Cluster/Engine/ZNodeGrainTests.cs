using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>Znodes as .NET callers address them.</summary>
public sealed class ZNodeGrainTests
{
    [Fact]
    public async Task ZNodeIsCreatedReadChangedAndDeleted()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var znode = cluster.ZNode("/a");
        Assert.Null(await znode.Get());

        var created = await znode.Create([1]);
        var read = await znode.Get(created);
        Assert.Equal([1], read!.Data);
        Assert.Equal((created, created, 0), (read.Stat.Czxid, read.Stat.Mzxid, read.Stat.Version));
        Assert.True(read.Zxid >= created);

        var changed = await znode.SetData([2], version: 0);
        Assert.Equal((1, changed.Zxid), (changed.Stat.Version, changed.Stat.Mzxid));
        Assert.Equal([2], (await znode.Get(changed.Zxid))!.Data);
        Assert.Equal(created + 1, changed.Zxid);

        await cluster.ZNode("/a/b").Create(null);
        Assert.Equal(["b"], await znode.GetChildren());
        Assert.Null((await cluster.ZNode("/a/b").Get())!.Data);
        Assert.Empty(await cluster.ZNode("/a/b").GetChildren());
        Assert.Equal(["a", "zookeeper"], (await cluster.ZNode("/").GetChildren()).Order());

        var deleted = await cluster.ZNode("/a/b").Delete();
        Assert.Null(await cluster.ZNode("/a/b").Get(deleted));
        await znode.Delete(version: 1);
        Assert.Null(await znode.Get());
    }

    [Fact]
    public async Task WhatIsRefusedSaysWhyAndTakesAZxid()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var first = await cluster.ZNode("/a").Create([]);
        await cluster.ZNode("/a/b").Create([]);

        await AssertRefusedAsync(ErrorCode.NodeExists, cluster.ZNode("/a").Create([]));
        await AssertRefusedAsync(ErrorCode.NoNode, cluster.ZNode("/missing/x").Create([]));
        await AssertRefusedAsync(ErrorCode.NoNode, cluster.ZNode("/missing").SetData([]));
        await AssertRefusedAsync(ErrorCode.BadVersion, cluster.ZNode("/a").SetData([], version: 5));
        await AssertRefusedAsync(ErrorCode.NotEmpty, cluster.ZNode("/a").Delete());
        await AssertRefusedAsync(ErrorCode.BadArguments, cluster.ZNode("/").Delete());
        await AssertRefusedAsync(ErrorCode.NoNode, cluster.ZNode("/missing").GetChildren());

        Assert.Equal(first + 8, await cluster.ZNode("/c").Create([]));
    }

    [Fact]
    public async Task ReadWaitsForTheZxidItAsksFor()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var zxid = await cluster.ZNode("/a").Create([]);

        var read = cluster.ZNode("/b").Get(zxid + 1);
        Assert.False(read.IsCompleted);
        await cluster.ZNode("/b").Create([7]);

        Assert.Equal([7], (await read.WaitAsync(TimeSpan.FromSeconds(10)))!.Data);
    }

    [Fact]
    public async Task ColdZNodesAreReadAndWrittenAfterARestart()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await cluster.ZNode("/p").Create([1]);
        for (var i = 0; i < 50; i++)
            await cluster.ZNode($"/p/{i}").Create([(byte)i]);
        var last = await cluster.ZNode("/p/0").Create([]).ContinueWith(_ => cluster.Get<Replica>().Watermark);
        await cluster.Get<Checkpointer>().CheckpointAsync(default);
        await cluster.RestartSiloAsync();

        var replica = cluster.Get<Replica>();
        Assert.Equal(last, replica.Watermark);
        Assert.Equal(Residency.NotResident, replica.Find("/p/7").Residency);
        Assert.Equal(55, replica.ZNodeCount);

        Assert.Equal([7], (await cluster.ZNode("/p/7").Get())!.Data);
        Assert.Null(await cluster.ZNode("/p/missing").Get());
        await AssertRefusedAsync(ErrorCode.NodeExists, cluster.ZNode("/p/9").Create([]));
        await AssertRefusedAsync(ErrorCode.NoNode, cluster.ZNode("/q/x").Create([]));
        var set = await cluster.ZNode("/p/8").SetData([80], version: 0);
        Assert.Equal(Zxid.EpochOf(last) + 1, Zxid.EpochOf(set.Zxid));
        await cluster.ZNode("/p/1").Delete();
        await cluster.ZNode("/p/new").Create([]);
        Assert.Equal(50, (await cluster.ZNode("/p").GetChildren()).Count);
        await cluster.RestartSiloAsync();

        Assert.Equal([80], (await cluster.ZNode("/p/8").Get())!.Data);
        Assert.Null(await cluster.ZNode("/p/1").Get());
        Assert.NotNull(await cluster.ZNode("/p/new").Get());
        Assert.Equal(51, (await cluster.ZNode("/p").Get())!.Stat.Cversion - 1);
    }

    [Fact]
    public async Task ManyWhoAskForOneColdZNodeAllGetIt()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await cluster.ZNode("/a").Create([1]);
        await cluster.Get<Checkpointer>().CheckpointAsync(default);
        await cluster.RestartSiloAsync();

        var reads = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => cluster.ZNode("/a").Get()));

        Assert.All(reads, read => Assert.Equal([1], read!.Data));
    }

    [Fact]
    public async Task R7_RowOfARunningCheckpointIsUsedOnceTheWatermarkIsThere()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await cluster.ZNode("/a").Create([1]);
        await cluster.ZNode("/a/b").Create([]);
        await cluster.Get<Checkpointer>().CheckpointAsync(default);
        await cluster.RestartSiloAsync();
        await cluster.ZNode("/").GetChildren();

        // A checkpoint of a silo that is further than this one.
        var epoch = (await cluster.Get<ITransactionLog>().ReadLedgerAsync()).Epoch;
        var target = Zxid.Of(epoch, 1);
        await cluster.Get<IZNodeStore>().BeginCheckpointAsync(epoch, target);
        Task[] reads = [cluster.ZNode("/a").Get(), cluster.ZNode("/a").GetChildren()];
        await Task.WhenAny([.. reads, Task.Delay(TimeSpan.FromSeconds(1))]);
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        Assert.Equal(Residency.NotResident, cluster.Get<Replica>().Find("/a").Residency);

        Assert.Equal(target, await cluster.ZNode("/c").Create([]));
        Assert.Equal([1], (await (Task<ZNodeSnapshot?>)reads[0])!.Data);
        Assert.Equal(["b"], await ((Task<IReadOnlyList<string>>)reads[1]));
    }

    private static async Task AssertRefusedAsync(ErrorCode error, Task task) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<KeeperOperationException>(() => task)).Error);
}
