using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes;
using OrleansKeeper.ClientSdk.Recipes.Locks;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Recipes.Locks;

public sealed class DistributedLockTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath();

    [Fact]
    public async Task IsGrantedToOneAtATimeInTheOrderInWhichTheyAskedWithRisingTokens()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var held = await new DistributedLock(first, _path).AcquireAsync();
        var waiting = new DistributedLock(second, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        var last = new DistributedLock(first, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 3);
        Assert.False(waiting.IsCompleted);

        await held.DisposeAsync();
        var next = await waiting.Patiently();
        Assert.False(last.IsCompleted);
        await next.DisposeAsync();
        await using var final = await last.Patiently();

        Assert.True(held.FencingToken < next.FencingToken && next.FencingToken < final.FencingToken);
        Assert.False(held.LostToken.IsCancellationRequested || next.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task TokenIsTheTransactionThatCreatedTheHoldersZNode()
    {
        await using var client = await cluster.ConnectAsync();
        await using var held = await new DistributedLock(client, _path).AcquireAsync();
        var stat = await client.ExistsAsync(held.Path);
        Assert.Equal(stat!.Value.Czxid, held.FencingToken);
        Assert.Equal(client.Session.Id, stat.Value.EphemeralOwner);
    }

    [Fact]
    public async Task TryAcquireLooksOnceAndLeavesNothingBehind()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using (var held = await new DistributedLock(first, _path).TryAcquireAsync())
        {
            Assert.NotNull(held);
            Assert.Null(await new DistributedLock(second, _path).TryAcquireAsync());
            Assert.Equal([ZNodeName(held.Path)], await cluster.ChildrenAsync(_path));
        }

        await using var again = await new DistributedLock(second, _path).TryAcquireAsync();
        Assert.NotNull(again);
    }

    [Fact]
    public async Task TryAcquireGivesUpWhenTheTimeIsUpAndLeavesNothingBehind()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var held = await new DistributedLock(first, _path).AcquireAsync();

        Assert.Null(await new DistributedLock(second, _path).TryAcquireAsync(TimeSpan.FromMilliseconds(50)).Patiently());

        Assert.Equal([ZNodeName(held.Path)], await cluster.ChildrenAsync(_path));
    }

    [Fact]
    public async Task CancelledWaiterLeavesNothingBehindAndHoldsNobodyUp()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var third = await cluster.ConnectAsync();
        var held = await new DistributedLock(first, _path).AcquireAsync();
        using var cancellation = new CancellationTokenSource();
        var waiting = new DistributedLock(second, _path).AcquireAsync(cancellation.Token);
        await cluster.WaitForContendersAsync(_path, 2);
        var behind = new DistributedLock(third, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 3);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Patiently());
        Assert.Equal(2, (await cluster.ChildrenAsync(_path)).Count);
        Assert.False(behind.IsCompleted);

        await held.DisposeAsync();
        await (await behind.Patiently()).DisposeAsync();
        Assert.Empty(await cluster.ChildrenAsync(_path));
    }

    [Fact]
    public async Task CancellationAtAnyMomentLeavesNothingBehind()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var held = await new DistributedLock(first, _path).AcquireAsync();
        for (var i = 0; i < 30; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var waiting = new DistributedLock(second, _path).AcquireAsync(cancellation.Token);
            for (var turn = 0; turn < i; turn++)
                await Task.Yield();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Patiently());
        }

        Assert.Equal([ZNodeName(held.Path)], await cluster.ChildrenAsync(_path));
    }

    [Fact]
    public async Task WaiterIsWokenByItsPredecessorOnly()
    {
        await using var client = await cluster.ConnectAsync();
        var @lock = new DistributedLock(client, _path);
        var held = await @lock.AcquireAsync();
        var second = @lock.AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        using var cancellation = new CancellationTokenSource();
        var third = @lock.AcquireAsync(cancellation.Token);
        await cluster.WaitForContendersAsync(_path, 3);
        var fourth = @lock.AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 4);

        // The fourth has to look further ahead when the one before it gives up.
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third.Patiently());
        await held.DisposeAsync();
        await (await second.Patiently()).DisposeAsync();
        await (await fourth.Patiently()).DisposeAsync();
    }

    [Fact]
    public async Task DisposingTwiceIsHarmless()
    {
        await using var client = await cluster.ConnectAsync();
        var held = await new DistributedLock(client, _path).AcquireAsync();
        await Task.WhenAll(held.DisposeAsync().AsTask(), held.DisposeAsync().AsTask());
        await using var next = await new DistributedLock(client, _path).AcquireAsync();
        await held.DisposeAsync();

        Assert.NotNull(await client.ExistsAsync(next.Path));
        Assert.False(held.LostToken.IsCancellationRequested || next.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task HolderHearsThatItsSessionExpired()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var held = await new DistributedLock(first, _path).AcquireAsync();
        var waiting = new DistributedLock(second, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);

        await cluster.ExpireSessionAsync(first);

        await held.LostToken.Cancelled();
        await using var next = await waiting.Patiently();
        Assert.True(held.FencingToken < next.FencingToken);
    }

    [Fact]
    public async Task HolderHearsThatSomebodyDeletedItsZNode()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var held = await new DistributedLock(first, _path).AcquireAsync();
        await second.SetTextAsync(held.Path, "this does not take it away");
        await second.DeleteAsync(held.Path);

        await held.LostToken.Cancelled();
    }

    [Fact]
    public async Task LockIsKeptWhenTheConnectionIsLostForAMoment()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var held = await new DistributedLock(first, _path).AcquireAsync();
        await cluster.DropConnectionAsync(first);

        await first.SyncedAsync();
        Assert.False(held.LostToken.IsCancellationRequested);
        Assert.Null(await new DistributedLock(second, _path).TryAcquireAsync());

        await held.DisposeAsync();
        await using var next = await new DistributedLock(second, _path).AcquireAsync().Patiently();
    }

    [Fact]
    public async Task WaiterKeepsItsPlaceWhenItsConnectionIsLostForAMoment()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var held = await new DistributedLock(first, _path).AcquireAsync();
        var waiting = new DistributedLock(second, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        var place = (await cluster.ChildrenAsync(_path)).Except([ZNodeName(held.Path)]).Single();
        await cluster.DropConnectionAsync(second);
        await second.SyncedAsync();

        await held.DisposeAsync();
        await using var next = await waiting.Patiently();
        Assert.Equal(place, ZNodeName(next.Path));
    }

    [Fact]
    public async Task WaiterWhoseSessionExpiredStandsAtTheEndOfTheQueue()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var third = await cluster.ConnectAsync();
        var held = await new DistributedLock(first, _path).AcquireAsync();
        var expired = new DistributedLock(second, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        var place = (await cluster.ChildrenAsync(_path)).Except([ZNodeName(held.Path)]).Single();
        var behind = new DistributedLock(third, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 3);

        await cluster.ExpireSessionAsync(second);
        await cluster.WaitUntilGoneAsync($"{_path}/{place}");
        await cluster.WaitForContendersAsync(_path, 3);
        await held.DisposeAsync();

        var next = await behind.Patiently();
        Assert.False(expired.IsCompleted);
        await next.DisposeAsync();
        await using var last = await expired.Patiently();
        Assert.Equal(second.Session.Id, (await third.ExistsAsync(last.Path))!.Value.EphemeralOwner);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ZNodeWhoseCreationWasNotAnsweredIsFoundAgain(bool givesUp)
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var held = await new DistributedLock(first, _path).AcquireAsync();
        using var cancellation = new CancellationTokenSource();
        Task<LockHandle> waiting;
        using (cluster.LoseAnswers(second))
        {
            waiting = new DistributedLock(second, _path).AcquireAsync(cancellation.Token);
            await cluster.WaitForContendersAsync(_path, 2);
            if (givesUp)
                await cancellation.CancelAsync();
            await cluster.DropConnectionAsync(second);
        }
        var place = (await cluster.ChildrenAsync(_path)).Except([ZNodeName(held.Path)]).SingleOrDefault();
        await second.SyncedAsync();

        if (givesUp)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Patiently());
            await cluster.WaitForContendersAsync(_path, 1);
        }
        else
        {
            await held.DisposeAsync();
            await using var next = await waiting.Patiently();
            Assert.Equal(place, ZNodeName(next.Path));
            Assert.Equal([place!], await cluster.ChildrenAsync(_path));
        }
    }

    [Fact]
    public async Task ReleaseWithoutConnectionHappensAfterTheReconnect()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var held = await new DistributedLock(first, _path).AcquireAsync();
        var waiting = new DistributedLock(second, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);

        await cluster.DropConnectionAsync(first);
        await held.DisposeAsync().AsTask().Patiently();

        await using var next = await waiting.Patiently();
        Assert.False(held.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task HoldersZNodeFencesTransactionsInTheServiceItself()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var held = await new DistributedLock(first, _path).AcquireAsync();
        await second.CreateAsync(_path + "-data", "before");
        await second.Transaction().Check(held.Path).SetData(_path + "-data", "with it"u8.ToArray()).CommitAsync();
        await held.DisposeAsync();

        await Assert.ThrowsAsync<TransactionFailedException>(() =>
            first.Transaction().Check(held.Path).SetData(_path + "-data", "too late"u8.ToArray()).CommitAsync());
        Assert.Equal("with it", await second.GetTextAsync(_path + "-data"));
    }

    [Theory]
    [InlineData(RecipeLayout.Kazoo, RecipeLayout.Curator)]
    [InlineData(RecipeLayout.Curator, RecipeLayout.Kazoo)]
    public async Task ContendersOfBothLayoutsExcludeEachOther(RecipeLayout holder, RecipeLayout waiter)
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var one = new DistributedLock(first, _path, new LockOptions { Layout = holder, Identity = "one" });
        var two = new DistributedLock(second, _path, new LockOptions { Layout = waiter, Identity = "two" });
        var held = await one.AcquireAsync();
        Assert.Null(await two.TryAcquireAsync());
        var waiting = two.AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        Assert.Equal(["one", "two"], (await one.GetContendersAsync()).Select(contender => contender.Identity));

        await held.DisposeAsync();
        await using var next = await waiting.Patiently();
        Assert.Null(await one.TryAcquireAsync());
    }

    [Fact]
    public async Task OtherChildrenAreNoContenders()
    {
        await using var client = await cluster.ConnectAsync();
        await client.EnsurePathAsync(_path + "/aaa");
        await client.CreateAsync(_path + "/item-", CreateMode.PersistentSequential);
        await using var held = await new DistributedLock(client, _path).TryAcquireAsync();
        Assert.NotNull(held);
        Assert.Single(await new DistributedLock(client, _path).GetContendersAsync());
    }

    [Fact]
    public async Task NoConnectionIsNotMistakenForALockThatIsTaken()
    {
        await using var service = await RecipeCluster.StartAsync();
        await using var client = await service.ConnectAsync();
        await service.KillSiloAsync();
        var asking = client.SyncedAsync();
        await Patience.UntilAsync(() => Task.FromResult(client.State != KeeperConnectionState.Connected));

        var @lock = new DistributedLock(client, _path);
        await Assert.ThrowsAsync<ConnectionLostException>(() => @lock.TryAcquireAsync(TimeSpan.FromMilliseconds(50)).Patiently());

        await service.RestartSiloAsync();
        await asking.Patiently();
        await using var held = await @lock.TryAcquireAsync(Patience.Limit);
        Assert.Single(await service.ChildrenAsync(_path));
    }

    [Fact]
    public async Task WaitingEndsWhenTheClientIsDisposed()
    {
        await using var first = await cluster.ConnectAsync();
        var second = await cluster.ConnectAsync();
        await using var held = await new DistributedLock(first, _path).AcquireAsync();
        var waiting = new DistributedLock(second, _path).AcquireAsync();
        await cluster.WaitForContendersAsync(_path, 2);

        await second.DisposeAsync();

        await Assert.ThrowsAsync<ClientClosedException>(() => waiting.Patiently());
        await cluster.WaitForContendersAsync(_path, 1);
    }

    [Fact]
    public async Task BadPathsAndTimesAreRefused()
    {
        await using var client = await cluster.ConnectAsync();
        var complaint = Assert.Throws<ArgumentException>(() => new DistributedLock(client, "no/slash"));
        Assert.Contains("no/slash", complaint.Message, StringComparison.Ordinal);
        var @lock = new DistributedLock(client, _path);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => @lock.TryAcquireAsync(TimeSpan.FromSeconds(-2)));
    }

    private static string ZNodeName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
