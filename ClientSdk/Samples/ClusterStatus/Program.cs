// Unified cluster management: every node publishes its state; who watches has everybody's, and acts when one changes.
using OrleansKeeper.ClientSdk.ClusterStatus;
using OrleansKeeper.ClientSdk.Samples.ClusterStatus;
using OrleansKeeper.ClientSdk.Samples.Common;

return await Sample.RunAsync(args, async (sample, stopping) =>
{
    const string Path = "/cluster";
    var stateJson = NodeStateJson.Default.NodeState;
    await using var cluster = await ClusterView<NodeState>.OpenAsync(sample.Client, Path, stateJson, cancellationToken: stopping);
    await using var changes = cluster.WatchAsync(stopping).GetAsyncEnumerator(stopping);

    var gateway = await PublishAsync("gateway", new NodeState("gateway", 12));
    var worker = await PublishAsync("worker", new NodeState("worker", 40));
    await NextAsync(NodeChangeKind.Joined, "gateway");
    await NextAsync(NodeChangeKind.Joined, "worker");
    sample.Check(cluster.Nodes.Count == 2, "the watcher has the state of both nodes");

    await worker.PublishAsync(new NodeState("worker", 95), stopping);
    var change = await NextAsync(NodeChangeKind.Changed, "worker");
    sample.Check(change.Before?.Status.LoadPercent == 40 && change.Now?.Status.LoadPercent == 95, "the change tells the load before and now");
    if (change.Now?.Status.LoadPercent > 80)
        Console.WriteLine("  -> worker is overloaded: time to add another one");

    await worker.DisposeAsync();
    await NextAsync(NodeChangeKind.Left, "worker");
    sample.Check(cluster.Nodes.Keys.SequenceEqual(["gateway"]), "only the gateway is left");

    await sample.StayAsync("Create ephemeral znodes below /cluster with data such as {\"role\":\"worker\",\"loadPercent\":5}, and watch.", async () =>
    {
        while (await changes.MoveNextAsync())
            Describe(changes.Current);
    });
    await gateway.DisposeAsync();

    async Task<StatusPublisher<NodeState>> PublishAsync(string node, NodeState state) =>
        await StatusPublisher<NodeState>.StartAsync(await sample.ConnectAsync(), Path, node, state, stateJson, stopping);

    async Task<NodeChange<NodeState>> NextAsync(NodeChangeKind kind, string node)
    {
        var change = await sample.NextAsync(changes, $"{node} {kind}");
        Describe(change);
        sample.Check(change.Kind == kind && change.Node == node, $"the change is: {node} {kind}");
        return change;
    }
});

static void Describe(NodeChange<NodeState> change) =>
    Console.WriteLine($"{change.Node} {$"{change.Kind}".ToLowerInvariant()}{(change.Now is { } now ? $": {now.Status.LoadPercent} % busy" : "")}");
