using System.Collections.Concurrent;
using System.Text;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Queues;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Queues: what is put is taken, in order, and is not lost when a consumer dies.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task ItemsAreTakenInOrderAndGoWhenTheyAreCompleted()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await using var queue = new DistributedQueue(client, "/app/jobs");
        await queue.PutAsync(Bytes("a"));
        await queue.PutAllAsync([Bytes("b"), Bytes("c")]);

        var order = new List<string>();
        await foreach (var item in queue.TakeAllAsync())
        {
            order.Add(Text(item));
            await item.CompleteAsync();
            if (order.Count == 3)
                break;
        }

        Assert.Equal(["a", "b", "c"], order);
        Assert.Equal(0, await queue.CountAsync());
        Assert.Empty(await client.GetChildrenAsync("/app/jobs/taken"));
    }

    [Fact]
    public async Task LayoutIsThatOfKazoosLockingQueue()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await using var queue = new DistributedPriorityQueue(client, "/jobs");
        await queue.PutAsync(Bytes("later"));
        await queue.PutAsync(Bytes("sooner"), priority: 7);

        await using var item = await queue.TakeAsync();

        Assert.Equal("sooner", Text(item));
        Assert.Equal(["entry-007-0000000001", "entry-100-0000000000"], (await client.GetChildrenAsync("/jobs/entries")).Order());
        Assert.Equal(["entry-007-0000000001"], await client.GetChildrenAsync("/jobs/taken"));
        var itemLock = await client.GetAsync("/jobs/taken/entry-007-0000000001");
        Assert.Equal((client.Session.Id, item.FencingToken), (itemLock.Stat.EphemeralOwner, itemLock.Stat.Czxid));
    }

    [Fact]
    public async Task ItemOfAConsumerWhoseSessionExpiredIsTakenByAnotherAndOnlyItCompletesIt()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (dying, other) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        await using var dyingQueue = new DistributedQueue(dying, "/jobs");
        await using var otherQueue = new DistributedQueue(other, "/jobs");
        await dyingQueue.PutAsync(Bytes("work"));
        var first = await dyingQueue.TakeAsync();
        var waiting = otherQueue.TakeAsync();

        await cluster.ExpireSessionAsync(dying);
        await using var second = await waiting.WaitAsync(Patience.Long);

        Assert.Equal("work", Text(second));
        Assert.True(second.FencingToken > first.FencingToken);
        await first.LostToken.WhenCancelledAsync();
        await dying.WhenConnectedAsync();
        await Assert.ThrowsAsync<QueueItemLostException>(() => first.CompleteAsync());
        await first.DisposeAsync();
        Assert.Equal(1, await otherQueue.CountAsync());
        Assert.Equal([second.Name], await other.GetChildrenAsync("/jobs/taken"));
        Assert.False(second.LostToken.IsCancellationRequested);
        await second.CompleteAsync();
        Assert.Equal(0, await otherQueue.CountAsync());
    }

    [Fact]
    public async Task ConsumerTakesOnAfterItsSessionExpired()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (client, producer) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        await using var queue = new DistributedQueue(client, "/jobs");
        await using var producing = new DistributedQueue(producer, "/jobs");
        var waiting = queue.TakeAsync();
        await cluster.ExpireSessionAsync(client);

        await producing.PutAsync(Bytes("after"));

        await using var item = await waiting.WaitAsync(Patience.Long);
        Assert.Equal("after", Text(item));
        Assert.Equal(client.Session.Id, (await producer.ExistsAsync("/jobs/taken/" + item.Name))!.Value.EphemeralOwner);
        await item.CompleteAsync();
    }

    [Fact]
    public async Task DisposedItemIsReturnedToItsPlace()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        await using var queue = new DistributedQueue(await cluster.ConnectAsync(), "/jobs");
        await queue.PutAllAsync([Bytes("first"), Bytes("second")]);

        var item = await queue.TakeAsync();
        await item.DisposeAsync();
        await using var again = await queue.TakeAsync();

        Assert.Equal("first", Text(again));
        await Assert.ThrowsAsync<InvalidOperationException>(() => item.CompleteAsync());
    }

    [Fact]
    public async Task RemovedLockIsToldToItsHolderWhoCannotCompleteAnyMore()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await using var queue = new DistributedQueue(client, "/jobs");
        await queue.PutAsync(Bytes("work"));
        await using var item = await queue.TakeAsync();

        await client.DeleteAsync("/jobs/taken/" + item.Name);

        await item.LostToken.WhenCancelledAsync();
        await Assert.ThrowsAsync<QueueItemLostException>(() => item.CompleteAsync());
        Assert.Equal(1, await queue.CountAsync());
    }

    [Fact]
    public async Task CancelledTakesLeaveNoLocksAndTakeNothing()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await using var queue = new DistributedQueue(client, "/jobs");
        await queue.PutAsync(Bytes("work"));
        await (await queue.TakeAsync()).DisposeAsync();
        var cancelled = 0;
        for (var i = 0; i < 100; i++)
        {
            // Cancelled while the lock is on its way.
            using var cancellation = new CancellationTokenSource();
            var taking = queue.TakeAsync(cancellation.Token);
            await cancellation.CancelAsync();
            try
            {
                await (await taking).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        Assert.InRange(cancelled, 1, 100);
        await using var item = await queue.TakeAsync().WaitAsync(Patience.Long);
        Assert.Equal([item.Name], await client.GetChildrenAsync("/jobs/taken"));
    }

    [Fact]
    public async Task DelayedItemsAreTakenAfterTheirTimeInItsOrder()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        await using var queue = new DistributedDelayQueue(await cluster.ConnectAsync(), "/later");
        var due = DateTimeOffset.UtcNow.AddMilliseconds(600);
        await queue.PutAsync(Bytes("second"), due);
        await queue.PutAsync(Bytes("never"), TimeSpan.FromDays(1000));
        await queue.PutAsync(Bytes("first"), TimeSpan.Zero);

        await using var first = await queue.TakeAsync();
        await using var second = await queue.TakeAsync();

        Assert.Equal(("first", "second"), (Text(first), Text(second)));
        Assert.True(DateTimeOffset.UtcNow >= due.AddMilliseconds(-1));
    }

    [Fact]
    public async Task NothingIsLostAndNothingIsDoneTwiceWhileConsumersDieAndConnectionsDrop()
    {
        const int Items = 300;
        await using var cluster = await RecipeCluster.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.ConnectAsync()));
        var (completed, unknown) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        using var finished = new CancellationTokenSource(Patience.Long);
        var producing = ProduceAsync(clients[0], Items, finished.Token);
        var consuming = clients[1..].Select(client => ConsumeAsync(client, completed, unknown, finished.Token)).ToList();

        // The producer's connections drop as well: what it puts is put once.
        for (var i = 0; i < 6; i++)
        {
            await Task.Delay(200);
            await cluster.DropConnectionAsync(clients[i % 2 * 3]);
            await cluster.ExpireSessionAsync(clients[1 + (i % 2)]);
        }

        await producing;
        await using var queue = new DistributedQueue(clients[0], "/jobs");
        await Patience.UntilAsync(async () => await queue.CountAsync() == 0);
        await finished.CancelAsync();
        await Task.WhenAll(consuming);
        Assert.Equal(completed.Count, completed.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, Items).Select(i => $"{i}").Order(), completed.Union(unknown).Order());
    }

    [Fact]
    public async Task PutsHappenOnceOverRestartsOfTheService()
    {
        const int Items = 200;
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        using var patience = new CancellationTokenSource(Patience.Long);
        var producing = ProduceAsync(client, Items, patience.Token);

        await cluster.RestartAsync();
        await producing;

        await using var queue = new DistributedQueue(client, "/jobs");
        Assert.Equal(Items, await queue.CountAsync());
        var taken = new List<string>();
        await foreach (var item in queue.TakeAllAsync(patience.Token))
        {
            taken.Add(Text(item));
            await item.CompleteAsync(patience.Token);
            if (taken.Count == Items)
                break;
        }

        Assert.Equal(Enumerable.Range(0, Items).Select(i => $"{i}").Order(), taken.Order());
    }

    private static async Task ProduceAsync(IKeeperClient client, int items, CancellationToken cancellationToken)
    {
        await using var queue = new DistributedQueue(client, "/jobs");
        await Parallel.ForAsync(
            0, items, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (i, token) => await queue.PutAsync(Bytes($"{i}"), token));
    }

    private static async Task ConsumeAsync(
        IKeeperClient client, ConcurrentBag<string> completed, ConcurrentBag<string> unknown, CancellationToken finished)
    {
        await using var queue = new DistributedQueue(client, "/jobs");
        try
        {
            await foreach (var item in queue.TakeAllAsync(finished))
            {
                try
                {
                    await item.CompleteAsync(finished);
                    completed.Add(Text(item));
                }
                catch (QueueItemLostException)
                {
                    // Somebody else has it, or will.
                }
                catch (KeeperException exception) when (exception.Outcome == OperationOutcome.Unknown)
                {
                    unknown.Add(Text(item));
                }
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
        }
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(QueueItem item) => Encoding.UTF8.GetString(item.Data.Span);
}
