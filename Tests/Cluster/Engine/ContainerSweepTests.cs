using System.Diagnostics;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>Container and TTL znodes go by themselves once nobody uses them.</summary>
public sealed class ContainerSweepTests
{
    [Fact]
    public async Task ContainerThatHadAChildGoesAndOneThatNeverHadStays()
    {
        await using var cluster = await StartAsync();
        await CreateContainerAsync(cluster, "/unused");
        await CreateContainerAsync(cluster, "/used");
        await cluster.ZNode("/used/child").Create([]);

        // The second one is created when a sweep has come to the first, so a whole sweep has seen all others when it is gone.
        foreach (var path in new[] { "/first", "/second" })
        {
            await CreateContainerAsync(cluster, path);
            await cluster.ZNode(path + "/child").Create([]);
            await cluster.ZNode(path + "/child").Delete();
            await Eventually.IsTrueAsync(() => !Exists(cluster, path));
        }

        Assert.True(Exists(cluster, "/unused"));
        Assert.True(Exists(cluster, "/used"));
        await cluster.ZNode("/used/child").Delete();
        await Eventually.IsTrueAsync(() => !Exists(cluster, "/used"));
        Assert.Equal(["/unused"], cluster.Get<Replica>().Containers);
        Assert.DoesNotContain("used", await cluster.ZNode("/").GetChildren());
    }

    [Fact]
    public async Task TtlZNodeGoesWhenItsTimeIsOverSinceTheLastChange()
    {
        const int Ttl = 2000;
        await using var cluster = await StartAsync();
        await CreateWithTtlAsync(cluster, "/long", ttl: 3_600_000);
        await CreateWithTtlAsync(cluster, "/parent", ttl: Ttl / 2);
        await cluster.ZNode("/parent/child").Create([]);
        await CreateWithTtlAsync(cluster, "/short", Ttl);
        await Task.Delay(Ttl / 2);
        var changed = Stopwatch.GetTimestamp();
        await cluster.ZNode("/short").SetData([2]);

        await Eventually.IsTrueAsync(() => !Exists(cluster, "/short"));

        // The silo reads another clock than the stopwatch, in whole milliseconds.
        Assert.InRange(Stopwatch.GetElapsedTime(changed).TotalMilliseconds, Ttl - 20, double.MaxValue);
        Assert.True(Exists(cluster, "/long"));
        Assert.True(Exists(cluster, "/parent"));
        await cluster.ZNode("/parent/child").Delete();
        await Eventually.IsTrueAsync(() => !Exists(cluster, "/parent"));
    }

    [Fact]
    public async Task ColdContainerIsLoadedAndGoesAfterARestart()
    {
        var interval = 60_000;
        await using var cluster = await KeeperTestClusterExtensions.StartAsync(options => options.ContainerCheckInterval = interval);
        foreach (var path in new[] { "/unused", "/emptied", "/used" })
            await CreateContainerAsync(cluster, path);
        await cluster.ZNode("/used/child").Create([]);
        await cluster.ZNode("/emptied/child").Create([]);
        await cluster.ZNode("/emptied/child").Delete();
        await cluster.Get<Checkpointer>().CheckpointAsync(default);

        interval = 100;
        await cluster.RestartSiloAsync();

        await Eventually.IsTrueAsync(() => cluster.Get<Replica>().Containers.Count == 2);
        Assert.Equal(["/unused", "/used"], cluster.Get<Replica>().Containers.Order());
        Assert.Null(await cluster.ZNode("/emptied").Get());
        Assert.NotNull(await cluster.ZNode("/used/child").Get());
    }

    private static Task<KeeperTestCluster> StartAsync() => KeeperTestClusterExtensions.StartAsync(options => options.ContainerCheckInterval = 100);

    private static bool Exists(KeeperTestCluster cluster, string path) => cluster.Get<Replica>().Find(path).Residency == Residency.Present;

    private static Task CreateContainerAsync(KeeperTestCluster cluster, string path) => SubmitAsync(
        cluster, OpCode.CreateContainer, JuteRecords.ToArray(new CreateRequest(path, [], [.. Acls.OpenUnsafe], (int)CreateMode.Container)));

    private static Task CreateWithTtlAsync(KeeperTestCluster cluster, string path, long ttl) => SubmitAsync(
        cluster,
        OpCode.CreateTtl,
        JuteRecords.ToArray(new CreateTtlRequest(path, [1], [.. Acls.OpenUnsafe], (int)CreateMode.PersistentWithTtl, ttl)));

    private static async Task SubmitAsync(KeeperTestCluster cluster, OpCode operation, byte[] body) =>
        Assert.Equal(ErrorCode.Ok, (await SessionlessRequest.Submit(cluster.Get<SubmitQueue>(), operation, body).Transaction).Error);
}
