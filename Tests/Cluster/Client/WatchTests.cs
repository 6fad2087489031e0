using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Watches hear of what they are set for: once, in order, and before any reply shows it (R6).</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task OneShotsHearOfTheNextChangeOnly()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await using var other = await cluster.ConnectAsync();
        await other.CreateAsync("/p");
        var data = await client.GetAndWatchAsync("/p");
        var children = await client.GetChildrenAndWatchAsync("/p");
        var absent = await client.ExistsAndWatchAsync("/q");
        var present = await client.ExistsAndWatchAsync("/p");
        Assert.Null(absent.Value);
        Assert.NotNull(present.Value);

        var child = await other.CreateAsync("/p/c");
        Assert.Equal(new WatchEvent(WatchEventType.NodeChildrenChanged, "/p", child.Stat.Czxid), await children.Changed.SoonAsync());
        Assert.False(data.Changed.IsCompleted);
        var set = await other.SetTextAsync("/p", "x");
        Assert.Equal(new WatchEvent(WatchEventType.NodeDataChanged, "/p", set.Mzxid), await data.Changed.SoonAsync());
        Assert.Equal(await data.Changed, await present.Changed.SoonAsync());
        var created = await other.CreateAsync("/q");
        Assert.Equal(new WatchEvent(WatchEventType.NodeCreated, "/q", created.Stat.Czxid), await absent.Changed.SoonAsync());

        var goneData = await client.GetAndWatchAsync("/q");
        var goneChildren = await client.GetChildrenAndWatchAsync("/q");
        await other.DeleteAsync("/q");
        Assert.Equal(WatchEventType.NodeDeleted, (await goneData.Changed.SoonAsync()).Type);
        Assert.Equal(WatchEventType.NodeDeleted, (await goneChildren.Changed.SoonAsync()).Type);
        await Assert.ThrowsAsync<NoNodeException>(() => client.GetAndWatchAsync("/q"));
    }

    [Fact]
    public async Task PersistentWatchesHearOfEverythingInOrder()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await using var other = await cluster.ConnectAsync();
        await other.CreateAsync("/p");
        await using var one = await client.OpenWatchAsync("/p", WatchMode.Persistent);
        await using var all = await client.OpenWatchAsync("/p", WatchMode.PersistentRecursive);
        await other.SetTextAsync("/p", "x");
        await other.CreateAsync("/p/c");
        await other.SetTextAsync("/p/c", "y");
        await other.DeleteAsync("/p/c");
        await other.Transaction().Delete("/p").Create("/p").CommitAsync();

        Assert.Equal(
            [
                (WatchEventType.NodeDataChanged, "/p"), (WatchEventType.NodeChildrenChanged, "/p"), (WatchEventType.NodeChildrenChanged, "/p"),
                (WatchEventType.NodeDeleted, "/p"), (WatchEventType.NodeCreated, "/p"),
            ],
            (await one.NextAsync(5)).Select(watchEvent => (watchEvent.Type, watchEvent.Path)));
        Assert.Equal(
            [
                (WatchEventType.NodeDataChanged, "/p"), (WatchEventType.NodeCreated, "/p/c"), (WatchEventType.NodeDataChanged, "/p/c"),
                (WatchEventType.NodeDeleted, "/p/c"), (WatchEventType.NodeDeleted, "/p"), (WatchEventType.NodeCreated, "/p"),
            ],
            (await all.NextAsync(6)).Select(watchEvent => (watchEvent.Type, watchEvent.Path)));
    }

    [Fact]
    public async Task WatchesOfOnePathAreTheirOwnAndTheLastRemovesItAtTheService()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        var watches = cluster.Get<Replica>().Watches;
        var first = await client.OpenWatchAsync("/p", WatchMode.PersistentRecursive);
        await client.CreateAsync("/p");
        var second = await client.WithChroot("/p").OpenWatchAsync("/", WatchMode.PersistentRecursive);
        await client.CreateAsync("/p/c");
        Assert.Equal(["/p", "/p/c"], (await first.NextAsync(2)).Select(watchEvent => watchEvent.Path));
        Assert.Equal(["/c"], (await second.NextAsync(1)).Select(watchEvent => watchEvent.Path));
        Assert.Equal(1, watches.Count);

        await first.DisposeAsync();
        await client.DeleteAsync("/p/c");
        Assert.Equal(WatchEventType.NodeDeleted, (await second.NextAsync(1))[0].Type);
        await second.DisposeAsync();
        await client.SyncAsync();
        Assert.Equal(0, watches.Count);
        Assert.Empty(await second.ToListAsync());
    }

    [Fact]
    public async Task SettingTheSameWatchAgainAndAgainKeepsOne()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        var first = await client.ExistsAndWatchAsync("/p");
        for (var i = 0; i < 100; i++)
            Assert.Same(first.Changed, (await client.ExistsAndWatchAsync("/p")).Changed);
        Assert.Equal(1, cluster.Get<Replica>().Watches.Count);
    }

    [Fact]
    public async Task NoReplyShowsAChangeBeforeItsEvent()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await using var writer = await cluster.ConnectAsync();
        await AssertEventsComeFirstAsync(client, writer, changes: 500);
    }

    [Fact]
    public async Task ReaderThatFallsBehindIsToldThatItMissedSomething()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync(options => options.MaxEventsPerWatch = 3);
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        var last = default(CreatedZNode);
        for (var i = 0; i < 6; i++)
            last = await client.CreateAsync($"/{i}");

        var events = await watch.NextAsync(4);
        Assert.Equal(["/0", "/1", "/2"], events.Take(3).Select(watchEvent => watchEvent.Path));
        Assert.Equal(new WatchEvent(WatchEventType.Missed, "/", last.Stat.Czxid), events[3]);
        await client.CreateAsync("/more");
        Assert.Equal("/more", (await watch.NextAsync(1))[0].Path);
    }

    [Fact]
    public async Task WhoMayNotReadIsNotTold()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var owner = await cluster.ConnectAsync(options => options.Credentials.Add(KeeperCredential.Digest("me", "secret")));
        await using var other = await cluster.ConnectAsync();
        await using var watch = await other.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        await owner.CreateAsync("/mine", default, new CreateOptions { Acl = Acls.CreatorAll });
        await owner.CreateAsync("/everybodys");
        Assert.Equal("/everybodys", (await watch.NextAsync(1))[0].Path);
    }

    [Fact]
    public async Task DisposedClientEndsItsWatches()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        var watched = await client.ExistsAndWatchAsync("/p");
        var watch = await client.OpenWatchAsync("/p", WatchMode.Persistent);
        var reading = watch.ToListAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ClientClosedException>(() => watched.Changed.SoonAsync());
        Assert.Empty(await reading.SoonAsync());
        Assert.Equal(OperationOutcome.DidNotHappen, (await Assert.ThrowsAsync<ClientClosedException>(() => client.GetAsync("/"))).Outcome);
        Assert.Equal(KeeperConnectionState.Closed, client.State);
        Assert.True(client.Session.Lost.IsCancellationRequested);
    }

    /// <summary>Whoever sees a change in a reply has had the event of a watch that was set before.</summary>
    internal static async Task AssertEventsComeFirstAsync(IKeeperClient client, IKeeperClient writer, int changes)
    {
        await writer.CreateAsync("/watched");
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < changes; i++)
                await writer.SetTextAsync("/watched", "x");
        });
        for (var seen = 0; seen < changes;)
        {
            var watched = await client.GetAndWatchAsync("/watched");
            seen = watched.Value.Stat.Version;
            var stat = await client.ExistsAsync("/watched");
            if (stat!.Value.Version > seen)
                Assert.True(watched.Changed.IsCompletedSuccessfully, $"Version {stat.Value.Version} was shown before the event of {seen + 1}.");
        }

        await writing;
    }
}
