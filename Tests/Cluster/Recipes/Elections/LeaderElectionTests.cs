using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes;
using OrleansKeeper.ClientSdk.Recipes.Elections;

namespace OrleansKeeper.Tests.Cluster.Recipes.Elections;

public sealed class LeaderElectionTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath();

    [Theory]
    [InlineData(RecipeLayout.Kazoo)]
    [InlineData(RecipeLayout.Curator)]
    public async Task CandidatesLeadOneAfterTheOtherWithRisingTokens(RecipeLayout layout)
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var one = Election(first, "one", layout);
        var two = Election(second, "two", layout);
        Assert.Null(await one.GetLeaderAsync());
        var term = await one.CampaignAsync();
        Assert.Null(await two.TryCampaignAsync());
        var standing = two.CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);

        Assert.Equal("one", (await two.GetLeaderAsync())!.Identity);
        Assert.Equal(["one", "two"], (await one.GetCandidatesAsync()).Select(candidate => candidate.Identity));
        Assert.Equal(term.FencingToken, (await two.GetLeaderAsync())!.FencingToken);

        await term.DisposeAsync();
        await using var next = await standing.Patiently();
        Assert.True(next.FencingToken > term.FencingToken);
        Assert.Equal("two", (await one.GetLeaderAsync())!.Identity);
    }

    [Fact]
    public async Task RunStandsAgainAfterEachTermUntilItIsCancelled()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var leaders = 0;
        var terms = new List<(string Who, long Token)>();
        var runs = new[] { RunAsync(first, "one"), RunAsync(second, "two") };

        await Task.WhenAll(runs.Select(run => Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Patiently())));
        Assert.Equal(terms.Select(term => term.Token).Order().Distinct(), terms.Select(term => term.Token));
        Assert.Equal(["one", "two"], terms.Select(term => term.Who).Distinct().Order());
        Assert.Empty(await cluster.ChildrenAsync(_path));

        Task RunAsync(IKeeperClient client, string identity) => Election(client, identity).RunAsync(async (term, stop) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref leaders));
            if (terms.Count == 0)
                await cluster.WaitForContendersAsync(_path, 2);
            terms.Add((identity, term.FencingToken));
            Assert.Equal(0, Interlocked.Decrement(ref leaders));
            if (terms.Count == 10)
                await cancellation.CancelAsync();
        }, cancellation.Token);
    }

    [Fact]
    public async Task RunStopsLeadingWhenTheTermIsLostAndStandsAgain()
    {
        await using var client = await cluster.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var terms = new List<LeaderTerm>();
        var leading = new TaskCompletionSource();
        var run = Election(client, "one").RunAsync(async (term, stop) =>
        {
            terms.Add(term);
            if (terms.Count == 2)
                await cancellation.CancelAsync();
            else
                leading.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        }, cancellation.Token);
        await leading.Task.Patiently();
        await cluster.ExpireSessionAsync(client);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Patiently());
        Assert.True(terms[0].LostToken.IsCancellationRequested);
        Assert.False(terms[1].LostToken.IsCancellationRequested);
        Assert.True(terms[0].FencingToken < terms[1].FencingToken);
    }

    [Fact]
    public async Task LeaderThatFailsResigns()
    {
        await using var client = await cluster.ConnectAsync();
        var run = Election(client, "one").RunAsync((_, _) => throw new InvalidDataException("what the leader did"));
        Assert.Equal("what the leader did", (await Assert.ThrowsAsync<InvalidDataException>(() => run.Patiently())).Message);
        Assert.Empty(await cluster.ChildrenAsync(_path));
    }

    [Fact]
    public async Task ObserverSeesEveryLeaderThatStays()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var observer = await cluster.ConnectAsync();
        await using var leaders = new LeaderElection(observer, _path).WatchLeaderAsync().GetAsyncEnumerator();
        Assert.Null(await NextAsync());

        var next = NextAsync();
        var term = await Election(first, "one").CampaignAsync();
        Assert.Equal("one", (await next)!.Identity);

        var standing = Election(second, "two").CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        next = NextAsync();
        await cluster.DropConnectionAsync(observer);
        await term.DisposeAsync();
        Assert.Equal("two", (await next)!.Identity);

        next = NextAsync();
        await (await standing).DisposeAsync();
        Assert.Null(await next);

        async Task<Contender?> NextAsync()
        {
            Assert.True(await leaders.MoveNextAsync().AsTask().Patiently());
            return leaders.Current;
        }
    }

    private LeaderElection Election(IKeeperClient client, string identity, RecipeLayout layout = RecipeLayout.Kazoo) =>
        new(client, _path, new LeaderElectionOptions { Identity = identity, Layout = layout });
}
