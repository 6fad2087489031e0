using System.Collections.Concurrent;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Counters;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Counters: each change counts once.</summary>
public sealed class CounterTests
{
    [Fact]
    public async Task ConcurrentIncrementsEachGetAValueOfTheirOwn()
    {
        const int Increments = 100;
        await using var cluster = await RecipeCluster.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.ConnectAsync()));

        var values = await Task.WhenAll(clients.Select(client => IncrementAsync(new DistributedCounter(client, "/stats/visits"), Increments)));

        Assert.Equal(Enumerable.Range(1, 4 * Increments).Select(value => (long)value), values.SelectMany(own => own).Order());
        Assert.Equal("400", await clients[0].GetTextAsync("/stats/visits"));
    }

    [Fact]
    public async Task ReceiptsTellOfEveryIncrementWhileConnectionsDropAndSessionsExpire()
    {
        const int Increments = 60;
        await using var cluster = await RecipeCluster.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.ConnectAsync()));
        var options = new DistributedCounterOptions { ReceiptsPath = "/receipts" };

        var incrementing = Task.WhenAll(clients.Select(client => IncrementAsync(new DistributedCounter(client, "/visits", options), Increments)));
        while (!incrementing.IsCompleted)
        {
            await cluster.DropConnectionAsync(clients[0]);
            await cluster.ExpireSessionAsync(clients[1]);
            await Task.WhenAny(incrementing, Task.Delay(300));
        }

        Assert.Equal(Enumerable.Range(1, 3 * Increments).Select(value => (long)value), (await incrementing).SelectMany(own => own).Order());
        Assert.Equal(3 * Increments, await new DistributedCounter(clients[0], "/visits").GetAsync());
    }

    [Fact]
    public async Task WithoutReceiptsAnIncrementIsCountedOrReportedAsUnknownOverRestarts()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.ConnectAsync()));
        using var restarted = new CancellationTokenSource();
        var (known, unknown) = (new ConcurrentBag<long>(), 0);
        var incrementing = clients.Select(async client =>
        {
            var counter = new DistributedCounter(client, "/visits");
            while (!restarted.IsCancellationRequested)
            {
                try
                {
                    known.Add(await counter.IncrementAsync());
                }
                catch (KeeperException exception) when (exception.Outcome == OperationOutcome.Unknown)
                {
                    Interlocked.Increment(ref unknown);
                }
            }
        }).ToList();

        await cluster.RestartAsync();
        await cluster.RestartAsync();
        await restarted.CancelAsync();
        await Task.WhenAll(incrementing).WaitAsync(Patience.Long);

        var value = await new DistributedCounter(clients[0], "/visits").GetAsync();
        Assert.Equal(known.Count, known.Distinct().Count());
        Assert.InRange(value, known.Count, known.Count + unknown);
    }

    [Fact]
    public async Task ValueIsSetIfItIsTheExpectedOne()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        var (counter, other) = (new DistributedCounter(client, "/limit"), new DistributedCounter(client, "/limit"));

        Assert.Equal(0, await counter.GetAsync());
        Assert.True(await counter.CompareAndSetAsync(0, 5));
        Assert.Equal(15, await other.AddAsync(10));
        Assert.False(await counter.CompareAndSetAsync(5, 6));
        Assert.Equal(14, await counter.DecrementAsync());
        await other.SetAsync(long.MaxValue);
        await Assert.ThrowsAsync<OverflowException>(() => counter.IncrementAsync());
        Assert.Equal(long.MaxValue, await counter.GetAsync());
    }

    [Fact]
    public async Task ZNodeWithOtherDataIsNamedInTheError()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await client.CreateAsync("/name", "Ada", CreateMode.Persistent);

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => new DistributedCounter(client, "/name").IncrementAsync());

        Assert.Contains("/name", exception.Message);
        Assert.Equal("Ada", await client.GetTextAsync("/name"));
    }

    private static async Task<List<long>> IncrementAsync(DistributedCounter counter, int times)
    {
        var values = new List<long>();
        for (var i = 0; i < times; i++)
            values.Add(await counter.IncrementAsync());
        return values;
    }
}
