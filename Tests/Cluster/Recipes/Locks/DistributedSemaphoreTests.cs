using OrleansKeeper.ClientSdk.Recipes.Locks;

namespace OrleansKeeper.Tests.Cluster.Recipes.Locks;

public sealed class DistributedSemaphoreTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath();

    [Fact]
    public async Task GrantsSoManyLeasesAndHandsOnEachThatIsGivenBack()
    {
        await using var client = await cluster.ConnectAsync();
        var semaphore = new DistributedSemaphore(client, _path, maxLeases: 2);
        var first = await semaphore.AcquireAsync();
        var second = await semaphore.AcquireAsync();
        Assert.Null(await semaphore.TryAcquireAsync());
        Assert.Equal(2, (await semaphore.GetHoldersAsync()).Count);

        var third = semaphore.AcquireAsync();
        await cluster.WaitForContendersAsync(_path + "/leases", 3);
        var fourth = semaphore.AcquireAsync();
        await cluster.WaitForContendersAsync(_path + "/locks", 2);
        Assert.False(third.IsCompleted);

        // Not the first holder: a waiter that looked at one holder only would sleep on.
        await second.DisposeAsync();
        var thirdLease = await third.Patiently();
        Assert.False(fourth.IsCompleted);
        await first.DisposeAsync();
        var fourthLease = await fourth.Patiently();

        long[] tokens = [first.FencingToken, second.FencingToken, thirdLease.FencingToken, fourthLease.FencingToken];
        Assert.Equal(tokens.Order().Distinct(), tokens);
        await thirdLease.DisposeAsync();
        await fourthLease.DisposeAsync();
        Assert.Empty(await cluster.ChildrenAsync(_path + "/leases"));
        Assert.Empty(await cluster.ChildrenAsync(_path + "/locks"));
    }

    [Fact]
    public async Task NeverGrantsMoreThanThereAreToManyWhoWant()
    {
        const int Leases = 3;
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.ConnectAsync()));
        var held = 0;
        var most = 0;
        await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, 3).Select(async _ =>
        {
            for (var i = 0; i < 5; i++)
            {
                await using var lease = await new DistributedSemaphore(client, _path, Leases).AcquireAsync();
                InterlockedMax(ref most, Interlocked.Increment(ref held));
                await client.ExistsAsync(lease.Path);
                Interlocked.Decrement(ref held);
            }
        }))).Patiently();

        Assert.InRange(most, 1, Leases);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task WaiterThatGivesUpLeavesNothingBehind()
    {
        await using var client = await cluster.ConnectAsync();
        var semaphore = new DistributedSemaphore(client, _path, maxLeases: 1);
        await using var held = await semaphore.AcquireAsync();
        using var cancellation = new CancellationTokenSource();
        var waiting = semaphore.AcquireAsync(cancellation.Token);
        await cluster.WaitForContendersAsync(_path + "/leases", 2);
        var behind = semaphore.AcquireAsync(cancellation.Token);
        await cluster.WaitForContendersAsync(_path + "/locks", 2);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Patiently());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => behind.Patiently());
        Assert.Single(await cluster.ChildrenAsync(_path + "/leases"));
        Assert.Empty(await cluster.ChildrenAsync(_path + "/locks"));
        Assert.Null(await semaphore.TryAcquireAsync(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task LeaseOfAnExpiredSessionIsLostAndHandedOn()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var held = await new DistributedSemaphore(first, _path, 1).AcquireAsync();
        var waiting = new DistributedSemaphore(second, _path, 1).AcquireAsync();
        await cluster.WaitForContendersAsync(_path + "/leases", 2);

        await cluster.ExpireSessionAsync(first);

        await held.LostToken.Cancelled();
        await using var next = await waiting.Patiently();
        Assert.True(next.FencingToken > held.FencingToken);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value;)
            seen = Interlocked.CompareExchange(ref target, value, seen);
    }
}
