using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Barriers;

namespace OrleansKeeper.Tests.Cluster.Recipes.Barriers;

public sealed class DistributedDoubleBarrierTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath();

    [Fact]
    public async Task NobodyGoesOnBeforeAllHaveEnteredAndNobodyIsOutBeforeAllLeave()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var entering = new DistributedDoubleBarrier(first, _path, 2).EnterAsync();
        await cluster.WaitForContendersAsync(_path, 1);
        Assert.False(entering.IsCompleted);
        await using var other = await new DistributedDoubleBarrier(second, _path, 2).EnterAsync().Patiently();
        await using var one = await entering.Patiently();

        var leaving = one.LeaveAsync();
        await second.ExistsAsync(one.Path);
        Assert.False(leaving.IsCompleted);
        await other.LeaveAsync().Patiently();
        await leaving.Patiently();
        Assert.Empty(await cluster.ChildrenAsync(_path));
        Assert.False(one.LostToken.IsCancellationRequested || other.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task CanBeCrossedAgainAndAgain()
    {
        const int Members = 3;
        const int Rounds = 8;
        var clients = await Task.WhenAll(Enumerable.Range(0, Members).Select(_ => cluster.ConnectAsync()));
        var entered = new int[Rounds];
        var done = new int[Rounds];
        await Task.WhenAll(clients.Select(async client =>
        {
            var barrier = new DistributedDoubleBarrier(client, _path, Members);
            for (var round = 0; round < Rounds; round++)
            {
                Interlocked.Increment(ref entered[round]);
                await using var membership = await barrier.EnterAsync();
                Assert.Equal(Members, Volatile.Read(ref entered[round]));
                Interlocked.Increment(ref done[round]);
                await membership.LeaveAsync();
                Assert.Equal(Members, Volatile.Read(ref done[round]));
            }
        })).Patiently();
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task WhoGivesUpEnteringLeavesNothingBehind()
    {
        await using var client = await cluster.ConnectAsync();
        var barrier = new DistributedDoubleBarrier(client, _path, 2);
        Assert.Null(await barrier.TryEnterAsync(TimeSpan.FromMilliseconds(20)));
        Assert.Empty(await cluster.ChildrenAsync(_path));

        using var cancellation = new CancellationTokenSource();
        var entering = barrier.EnterAsync(cancellation.Token);
        await cluster.WaitForContendersAsync(_path, 1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entering.Patiently());
        Assert.Empty(await cluster.ChildrenAsync(_path));
    }

    [Fact]
    public async Task MemberThatDiesInsideHoldsNobodyUp()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var both = await Task.WhenAll(Barrier(first).EnterAsync(), Barrier(second).EnterAsync()).Patiently();
        var leaving = both[0].LeaveAsync();
        await cluster.ExpireSessionAsync(second);
        await both[1].LostToken.Cancelled();
        await leaving.Patiently();
    }

    [Fact]
    public async Task WaitingMemberEntersAgainWhenItsSessionExpired()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var entering = Barrier(first).EnterAsync();
        await cluster.WaitForContendersAsync(_path, 1);
        var member = (await cluster.ChildrenAsync(_path)).Single();
        await cluster.ExpireSessionAsync(first);
        await cluster.WaitUntilGoneAsync($"{_path}/{member}");

        await using var other = await Barrier(second).EnterAsync().Patiently();
        await using var one = await entering.Patiently();
        Assert.False(one.LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task ReadyZNodeThatDeadMembersLeftBehindLetsNobodyThrough()
    {
        await using var client = await cluster.ConnectAsync();
        await client.EnsurePathAsync(_path + "/ready");
        var entering = Barrier(client).EnterAsync();
        await cluster.WaitUntilGoneAsync(_path + "/ready");
        Assert.False(entering.IsCompleted);

        await using var other = await Barrier(client).EnterAsync().Patiently();
        await using var one = await entering.Patiently();
    }

    private DistributedDoubleBarrier Barrier(IKeeperClient client) => new(client, _path, 2);
}
