using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Sessions of .NET clients are sessions like all others: they expire, move, and leave nothing behind.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task ClientThatFindsItsSessionClosedWhileItClosesOpensNoOtherOne()
    {
        var (started, gate) = await CloseGate.StartAsync();
        await using var cluster = started;
        var client = await cluster.ConnectAsync(options =>
        {
            options.SessionTimeout = TimeSpan.FromMilliseconds(500);
            options.CloseTimeout = TimeSpan.FromSeconds(20);
        });
        var states = new ConcurrentQueue<KeeperConnectionState>();
        client.StateChanged += (_, state) => states.Enqueue(state);
        try
        {
            // At its next sign of life it finds that its attachment is gone, and at the attempt to attach again that the session is.
            await client.DisposeAsync();
        }
        finally
        {
            gate.Open();
        }

        Assert.Equal(1, gate.Opens);
        Assert.Equal(0, cluster.Get<Replica>().SessionCount);
        Assert.DoesNotContain(KeeperConnectionState.Expired, states);
        Assert.Equal(KeeperConnectionState.Closed, client.State);
    }

    [Fact]
    public async Task HandlerThatFailsKeepsNoOtherFromHearing()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        var heard = new TaskCompletionSource<KeeperConnectionState>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, _) => throw new InvalidOperationException("A handler's mistake.");
        client.StateChanged += (_, state) =>
        {
            if (state == KeeperConnectionState.Closed)
                heard.TrySetResult(state);
        };
        await client.DisposeAsync();
        await heard.Task.SoonAsync();
    }

    [Fact]
    public async Task ExpiredSessionIsFollowedByAnotherAndItsWatchesGoOn()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await using var other = await cluster.ConnectAsync();
        var expired = client.Session;
        var states = new ConcurrentQueue<KeeperConnectionState>();
        client.StateChanged += (_, state) => states.Enqueue(state);
        await client.CreateAsync("/e", CreateMode.Ephemeral);
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        var oneShot = await client.ExistsAndWatchAsync("/later");

        await cluster.ExpireSessionAsync(client);
        await expired.Lost.UntilCancelledAsync();
        await other.CreateAsync("/between");
        await client.UntilAsync(KeeperConnectionState.Connected);
        Assert.NotEqual(expired.Id, client.Session.Id);
        await Eventually.IsTrueAsync(() => states.Contains(KeeperConnectionState.Expired));
        Assert.Null(await client.ExistsAsync("/e"));
        await client.CreateAsync("/later");

        Assert.Equal(
            [
                (WatchEventType.NodeDeleted, "/e"), (WatchEventType.NodeCreated, "/between"), (WatchEventType.NodeCreated, "/later"),
            ],
            (await watch.NextAsync(3)).Select(watchEvent => (watchEvent.Type, watchEvent.Path)));
        Assert.Equal("/later", (await oneShot.Changed.SoonAsync()).Path);
    }

    [Fact]
    public async Task WriteOfAnExpiredSessionIsNotDoneInTheNext()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await cluster.ExpireSessionAsync(client);
        var failure = await Assert.ThrowsAsync<SessionExpiredException>(() => client.CreateAsync("/e", CreateMode.Ephemeral));
        Assert.Equal(("/e", OperationOutcome.DidNotHappen), (failure.Path, failure.Outcome));
        Assert.Null(await client.ExistsAsync("/e"));
    }

    [Fact]
    public async Task SessionStaysWhileItsClientIsIdleAndExpiresWhenItIsGone()
    {
        const int Timeout = 1000;
        await using var cluster = await KeeperTestCluster.StartAsync();
        var replica = cluster.Get<Replica>();
        await using var client = await cluster.ConnectAsync(options => options.SessionTimeout = TimeSpan.FromMilliseconds(Timeout));

        // One that nobody carries takes as long as that to expire; the idle one outlives two of them.
        var factory = cluster.Get<SessionFactory>();
        for (var i = 0; i < 2; i++)
        {
            var (silent, _) = await factory.OpenAsync(Timeout);
            factory.Attach(silent, Timeout, "127.0.0.1", new DiscardingOutput());
            await Eventually.IsTrueAsync(() => replica.FindSession(silent) is null);
        }

        Assert.NotNull(replica.FindSession(client.Session.Id));
        Assert.Equal(KeeperConnectionState.Connected, client.State);
        Assert.Equal(TimeSpan.FromMilliseconds(Timeout), client.Session.Timeout);
        await client.Connection.AbandonAsync();
        await Eventually.IsTrueAsync(() => replica.FindSession(client.Session.Id) is null);
    }

    [Fact]
    public async Task DisposingClosesTheSession()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        var id = client.Session.Id;
        await client.CreateAsync("/e", CreateMode.Ephemeral);
        await client.DisposeAsync();
        Assert.Null(cluster.Get<Replica>().FindSession(id));
        Assert.Null(await cluster.ZNode("/e").Get());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task SessionThatMovesToAnotherCarrierAndBackIsTheSame()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/e", CreateMode.Ephemeral);
        var id = client.Session.Id;
        var connection = new DiscardingOutput();
        cluster.Get<SessionFactory>().Attach(id, 10_000, "127.0.0.1", connection);

        // The .NET client finds its attachment gone, comes back, and closes the connection that took its place.
        Assert.Equal(id, (await client.GetAsync("/e")).Stat.EphemeralOwner);
        await connection.Closed.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(id, client.Session.Id);
    }

    [Fact]
    public async Task SessionsLeaveNothingInTheStorageOfSubscriptions()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var writer = await cluster.ConnectAsync();
        var expiring = await ConnectAndHearAsync(cluster, writer, "/a");
        var closing = await ConnectAndHearAsync(cluster, writer, "/b");
        var restarted = await ConnectAndHearAsync(cluster, writer, "/c");
        Assert.Equal(4, CountSubscriptions(cluster));
        await expiring.Connection.AbandonAsync();
        await cluster.ExpireSessionAsync(expiring);
        await closing.DisposeAsync();
        await Eventually.IsTrueAsync(() => CountSubscriptions(cluster) == 2);

        // The agent that delivered is gone with its silo; the next one cleans up after it.
        await restarted.Connection.AbandonAsync();
        await cluster.RestartSiloAsync();
        await cluster.ExpireSessionAsync(restarted);
        await Eventually.IsTrueAsync(() => CountSubscriptions(cluster) == 1);
    }

    private static async Task<KeeperClient> ConnectAndHearAsync(KeeperTestCluster cluster, KeeperClient writer, string path)
    {
        var client = await cluster.ConnectAsync();
        var watched = await client.ExistsAndWatchAsync(path);
        await writer.CreateAsync(path);
        await watched.Changed.SoonAsync();
        return client;
    }

    private static long CountSubscriptions(KeeperTestCluster cluster)
    {
        using var database = SqliteDatabase.Open(Path.Combine(cluster.DataDirectory, "orleans.db"));
        return database.QueryInt64("SELECT count(*) FROM OrleansStorage WHERE GrainTypeString LIKE '%PubSubRendezvous%' AND PayloadBinary IS NOT NULL")!.Value;
    }
}
