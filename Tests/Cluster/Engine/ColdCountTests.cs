using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>Counting the znodes below one brings none of them into memory, where not all may have room.</summary>
public sealed class ColdCountTests
{
    private const int Parents = 12;
    private const int ChildrenOfEach = 100;

    /// <summary>Far less than all of them take.</summary>
    private const long FewBytes = 10_000;

    [Fact]
    public async Task CountIsRightWhetherZNodesAreInMemoryOrInTheStore()
    {
        await using var cluster = await KeeperTestClusterExtensions.StartAsync(options => options.CheckpointInterval = 24 * 60 * 60 * 1000);
        await using (var client = await cluster.ConnectAsync())
        {
            await client.CreateAsync("/p");
            await Task.WhenAll(Enumerable.Range(0, Parents).Select(parent => client.CreateAsync($"/p/{parent}")));
            await Task.WhenAll(
                from parent in Enumerable.Range(0, Parents)
                from child in Enumerable.Range(0, ChildrenOfEach)
                select client.CreateAsync($"/p/{parent}/{child}"));
            Assert.Equal(Parents * (1 + ChildrenOfEach), await client.CountDescendantsAsync("/p"));
        }

        await cluster.Get<Checkpointer>().CheckpointAsync(default);
        await cluster.RestartSiloAsync();
        await using var other = await cluster.ConnectAsync();
        await other.CreateAsync("/p/new");
        await other.DeleteAsync("/p/0/0");
        var resident = cluster.Get<Replica>().ResidentBytes;

        Assert.Equal(Parents * (1 + ChildrenOfEach), await other.CountDescendantsAsync("/p"));
        Assert.Equal(ChildrenOfEach, await other.CountDescendantsAsync("/p/1"));
        // It may have become less: a silo makes a checkpoint once it has started, after which the place of what was deleted goes.
        Assert.InRange(cluster.Get<Replica>().ResidentBytes, 0, resident + FewBytes);
    }
}
