using System.Collections.Concurrent;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>A client that lost its connection, or its silo, goes on where it was, and says exactly what is known of what it was asked.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public async Task SessionItsEphemeralsAndItsWatchesSurviveARestartOfTheSilo()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        var session = client.Session;
        await client.CreateAsync("/e", "mine", CreateMode.Ephemeral);
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        var oneShot = await client.ExistsAndWatchAsync("/later");
        await cluster.KillSiloAsync();
        await client.UntilAsync(KeeperConnectionState.Suspended);
        await cluster.RestartSiloAsync();

        Assert.Equal(session.Id, (await client.GetAsync("/e")).Stat.EphemeralOwner);
        Assert.Same(session, client.Session);
        Assert.False(session.Lost.IsCancellationRequested);
        await client.CreateAsync("/later");
        Assert.Equal("/later", (await watch.NextAsync(1))[0].Path);
        Assert.Equal(WatchEventType.NodeCreated, (await oneShot.Changed.SoonAsync()).Type);
    }

    [Fact]
    public async Task WhatHappenedWhileTheClientWasAwayIsToldAsIfItHadBeenThere()
    {
        var (started, gate) = await AttachmentGate.StartAsync();
        await using var cluster = started;
        await using var client = await cluster.ConnectAsync();
        await using var witness = await cluster.ConnectAsync();
        await client.CreateAsync("/p");
        await client.CreateAsync("/gone");
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        await using var children = await client.OpenWatchAsync("/p", WatchMode.Persistent);
        await using var reference = await witness.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        var data = await client.GetAndWatchAsync("/p");
        var gone = await client.ExistsAndWatchAsync("/gone");
        var list = await client.GetChildrenAndWatchAsync("/p");
        var untouched = await client.ExistsAndWatchAsync("/untouched");

        var set = await AwayAsync(cluster, gate, client, async () =>
        {
            var stat = await witness.SetTextAsync("/p", "1");
            await witness.SetTextAsync("/p", "2");
            await witness.Transaction().Create("/p/a").Create("/p/b").Delete("/p/a").CommitAsync();
            await witness.DeleteAsync("/gone");
            return stat;
        });
        await witness.CreateAsync("/p/live");

        Assert.Equal(await reference.NextAsync(7), await watch.NextAsync(7));
        Assert.Equal(
            [.. Enumerable.Repeat(WatchEventType.NodeDataChanged, 2), .. Enumerable.Repeat(WatchEventType.NodeChildrenChanged, 4)],
            (await children.NextAsync(6)).Select(watchEvent => watchEvent.Type));
        Assert.Equal(set.Mzxid, (await data.Changed.SoonAsync()).Zxid);
        Assert.Equal(WatchEventType.NodeDeleted, (await gone.Changed.SoonAsync()).Type);
        Assert.Equal(WatchEventType.NodeChildrenChanged, (await list.Changed.SoonAsync()).Type);
        Assert.False(untouched.Changed.IsCompleted);
    }

    [Fact]
    public async Task ConnectionsThatAreDroppedUnderLoadLoseAndRepeatNoEvent()
    {
        const int Changes = 600;
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync(options => options.MaxEventsPerWatch = 10 * Changes);
        await using var writer = await cluster.ConnectAsync();
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Changes; i++)
                await writer.Transaction().Create($"/{i}").SetData($"/{i}", default).SetData($"/{i}", default).Delete($"/{i}").CommitAsync();
        });
        while (!writing.IsCompleted)
        {
            await cluster.DropConnectionAsync(client);
            await client.SyncAsync();
        }

        await writing;
        var events = await watch.NextAsync(4 * Changes);
        var expected = Enumerable.Range(0, Changes).SelectMany(number => new[]
        {
            (WatchEventType.NodeCreated, $"/{number}"), (WatchEventType.NodeDataChanged, $"/{number}"),
            (WatchEventType.NodeDataChanged, $"/{number}"), (WatchEventType.NodeDeleted, $"/{number}"),
        });
        Assert.Equal(expected, events.Select(watchEvent => (watchEvent.Type, watchEvent.Path)));
    }

    [Fact]
    public async Task ClientThatWasAwayForLongerThanTheHistoryIsToldSo()
    {
        var (started, gate) = await AttachmentGate.StartAsync(options => options.LogRetention = 0);
        await using var cluster = started;
        await using var client = await cluster.ConnectAsync();
        await using var witness = await cluster.ConnectAsync();
        await client.CreateAsync("/p");
        await client.CreateAsync("/kept");
        await using var watch = await client.OpenWatchAsync("/p", WatchMode.PersistentRecursive);
        var changed = await client.GetAndWatchAsync("/p");
        var list = await client.GetChildrenAndWatchAsync("/p");
        var created = await client.ExistsAndWatchAsync("/new");
        var kept = await client.GetAndWatchAsync("/kept");
        await AwayAsync(cluster, gate, client, async () =>
        {
            await witness.SetTextAsync("/p", "x");
            await witness.CreateAsync("/p/c");
            await witness.CreateAsync("/new");
            await cluster.Get<Checkpointer>().CheckpointAsync(default);
            await witness.CreateAsync("/behind the checkpoint");
            await cluster.Get<Checkpointer>().CheckpointAsync(default);
            return true;
        });

        Assert.Equal((WatchEventType.Missed, "/p"), (await watch.NextAsync(1)).Select(missed => (missed.Type, missed.Path)).Single());
        Assert.Equal(WatchEventType.NodeDataChanged, (await changed.Changed.SoonAsync()).Type);
        Assert.Equal(WatchEventType.NodeChildrenChanged, (await list.Changed.SoonAsync()).Type);
        Assert.Equal(WatchEventType.NodeCreated, (await created.Changed.SoonAsync()).Type);
        Assert.False(kept.Changed.IsCompleted);
        await witness.SetTextAsync("/p/c", "y");
        await witness.SetTextAsync("/kept", "y");
        Assert.Equal("/p/c", (await watch.NextAsync(1))[0].Path);
        Assert.Equal("/kept", (await kept.Changed.SoonAsync()).Path);
    }

    [Fact]
    public async Task CredentialsAreProvedAgain()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync(options => options.Credentials.Add(KeeperCredential.Digest("a", "1")));
        await client.AuthenticateAsync("digest", "b:2"u8.ToArray());
        await client.CreateAsync("/mine", default, new CreateOptions { Acl = Acls.CreatorAll });
        await cluster.DropConnectionAsync(client);
        Assert.Equal(["a", "b"], (await client.WhoAmIAsync()).Select(id => id.Identity).Order(StringComparer.Ordinal));
        await cluster.ExpireSessionAsync(client);
        await client.GetAsync("/mine");
    }

    [Fact]
    public async Task WriteThatWasOnTheWayIsOfUnknownOutcomeAndOneBehindItIsNot()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        var created = await client.CreateAsync("/a");
        Task<CreatedZNode> onTheWay;
        Task<Stat?> read;
        using (new HeldLog(cluster))
        {
            onTheWay = client.CreateAsync("/on the way");
            read = client.ExistsAsync("/a");
            await Eventually.IsTrueAsync(() => cluster.Get<UndecidedRequests>().Count > 0);
            await cluster.DropConnectionAsync(client);
        }

        var unknown = await Assert.ThrowsAsync<ConnectionLostException>(() => onTheWay);
        Assert.Equal((OperationOutcome.Unknown, "/on the way"), (unknown.Outcome, unknown.Path));

        // What changes nothing is asked again by itself, and a write behind takes effect behind.
        Assert.Equal(created.Stat, await read);
        await client.SetTextAsync("/a", "behind");
        Assert.Equal("behind", await client.GetTextAsync("/a"));
    }

    [Fact]
    public async Task RequestThatFindsNoServiceWaitsAndThenDidNotHappen()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var patient = await cluster.ConnectAsync();
        await using var impatient = await cluster.ConnectAsync(options => options.RequestTimeout = TimeSpan.FromMilliseconds(100));
        await cluster.KillSiloAsync();
        await patient.UntilAsync(KeeperConnectionState.Suspended);
        await impatient.UntilAsync(KeeperConnectionState.Suspended);
        var waiting = patient.CreateAsync("/waiting");
        var failure = await Assert.ThrowsAsync<ConnectionLostException>(() => impatient.CreateAsync("/impatient"));
        Assert.Equal(OperationOutcome.DidNotHappen, failure.Outcome);
        Assert.False(waiting.IsCompleted);
        await cluster.RestartSiloAsync();

        await waiting;
        await impatient.UntilAsync(KeeperConnectionState.Connected);
        Assert.Null(await impatient.ExistsAsync("/impatient"));
    }

    [Fact]
    public async Task SessionThatNothingWasHeardOfForItsTimeoutIsLostAndAnotherOneIfItLivesAfterAll()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync(options => options.SessionTimeout = TimeSpan.FromSeconds(1));
        var states = new ConcurrentQueue<KeeperConnectionState>();
        client.StateChanged += (_, state) => states.Enqueue(state);
        var lost = client.Session;
        await cluster.KillSiloAsync();
        await lost.Lost.UntilCancelledAsync();
        Assert.Equal(KeeperConnectionState.Lost, client.State);
        await cluster.RestartSiloAsync();
        await client.UntilAsync(KeeperConnectionState.Connected);

        // A silo that starts gives the sessions that it finds a full timeout.
        Assert.Equal(lost.Id, client.Session.Id);
        Assert.NotSame(lost, client.Session);
        Assert.False(client.Session.Lost.IsCancellationRequested);
        await Eventually.IsTrueAsync(() => states.LastOrDefault() == KeeperConnectionState.Connected);
        Assert.Equal(
            [KeeperConnectionState.Suspended, KeeperConnectionState.Lost, KeeperConnectionState.Connected],
            states.SkipWhile(state => state == KeeperConnectionState.Connected));
    }

    /// <summary>Something happens while a client is away: its connection is cut, and it cannot come back before.</summary>
    private static async Task<T> AwayAsync<T>(KeeperTestCluster cluster, AttachmentGate gate, KeeperClient client, Func<Task<T>> happen)
    {
        gate.Close(client.Session.Id);
        await cluster.DropConnectionAsync(client);
        var back = client.SyncAsync();
        var result = await happen();
        Assert.False(back.IsCompleted);
        gate.Open();
        await back;
        return result;
    }
}
