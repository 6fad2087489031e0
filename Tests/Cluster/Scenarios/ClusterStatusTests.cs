using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.ClusterStatus;

using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Unified cluster management: nodes publish their state, and a watcher has everybody's.</summary>
public sealed class ClusterStatusTests(ScenarioCluster cluster) : IClassFixture<ScenarioCluster>
{
    [Fact]
    public async Task WatcherHasEverybodysStateAndIsToldOfEachChange()
    {
        await using var view = await OpenAsync("/cluster-1");
        await using var changes = view.WatchAsync().GetAsyncEnumerator();
        await using var first = await PublishAsync("/cluster-1", "node-1", new NodeLoad(10));
        var joined = await changes.NextAsync();
        Assert.Equal((NodeChangeKind.Joined, "node-1", 10), (joined.Kind, joined.Node, joined.Now!.Status.Percent));

        var second = await PublishAsync("/cluster-1", "node-2", new NodeLoad(20));
        Assert.Equal("node-2", (await changes.NextAsync()).Node);
        Assert.Equal([10, 20], view.Nodes.Values.OrderBy(node => node.Node).Select(node => node.Status.Percent));

        await first.PublishAsync(new NodeLoad(99));
        var changed = await changes.NextAsync();
        Assert.Equal((NodeChangeKind.Changed, 10, 99), (changed.Kind, changed.Before!.Status.Percent, changed.Now!.Status.Percent));
        Assert.True(changed.Now.Zxid > changed.Before.Zxid);

        await second.DisposeAsync();
        var left = await changes.NextAsync();
        Assert.Equal((NodeChangeKind.Left, "node-2", 20, null), (left.Kind, left.Node, left.Before!.Status.Percent, left.Now));
        Assert.Equal(["node-1"], view.Nodes.Keys);
    }

    [Fact]
    public async Task NodeWhoseSessionExpiredIsBackWithItsLastState()
    {
        await using var view = await OpenAsync("/cluster-2");
        await using var changes = view.WatchAsync().GetAsyncEnumerator();
        var client = await cluster.ConnectAsync();
        await using var node = await StatusPublisher<NodeLoad>.StartAsync(client, "/cluster-2", "node-1", new NodeLoad(1), NodeLoadJson.Default.NodeLoad);
        await node.PublishAsync(new NodeLoad(2));
        await changes.NextAsync(change => change.Now?.Status.Percent == 2);

        await cluster.ExpireSessionAsync(client);

        await changes.NextAsync(change => change.Kind is NodeChangeKind.Left or NodeChangeKind.Changed);
        await Eventually.IsTrueAsync(async () => (await (await cluster.ConnectAsync()).FindAsync("/cluster-2/node-1")) is { } content
            && content.Stat.EphemeralOwner == client.Session.Id);
        await Eventually.IsTrueAsync(() => view.Nodes.GetValueOrDefault("node-1")?.Status.Percent == 2);
    }

    [Fact]
    public async Task ZNodeThatHoldsNoStateIsPassedOver()
    {
        await using var node = await PublishAsync("/cluster-3", "node-1", new NodeLoad(1));
        await (await cluster.ConnectAsync()).CreateAsync("/cluster-3/stranger", "no JSON");

        await using var view = await OpenAsync("/cluster-3");

        Assert.Equal(["node-1"], view.Nodes.Keys);
    }

    private async Task<ClusterView<NodeLoad>> OpenAsync(string path) =>
        await ClusterView<NodeLoad>.OpenAsync(await cluster.ConnectAsync(), path, NodeLoadJson.Default.NodeLoad);

    private async Task<StatusPublisher<NodeLoad>> PublishAsync(string path, string node, NodeLoad load) =>
        await StatusPublisher<NodeLoad>.StartAsync(await cluster.ConnectAsync(), path, node, load, NodeLoadJson.Default.NodeLoad);
}
