using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Elections;

namespace OrleansKeeper.Tests.Cluster.Recipes.Elections;

/// <summary>
/// The timelines in which Curator's leader recipes had two leaders, or none, played against this service's. Each is named by its report at
/// issues.apache.org, and says the essence of what happened there.
/// </summary>
public sealed class DoubleLeaderTimelineTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath();

    /// <summary>
    /// Two reconnects in quick succession: the second's reset deletes the znode by which the first's check has just made its owner the
    /// leader; it goes on leading without a znode, beside the next one.
    /// </summary>
    [Fact]
    public async Task CURATOR_620_LeaderKeepsItsZNodeThroughTwoReconnectsInQuickSuccession()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var term = await new LeaderElection(first, _path).CampaignAsync();
        var standing = new LeaderElection(second, _path).CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        var candidates = await cluster.ChildrenAsync(_path);

        for (var i = 0; i < 5; i++)
        {
            await Task.WhenAll(cluster.DropConnectionAsync(first), cluster.DropConnectionAsync(second));
            await cluster.DropConnectionAsync(first);
            await Task.WhenAll(first.SyncedAsync(), second.SyncedAsync());
        }

        Assert.Equal(candidates.Order(), (await cluster.ChildrenAsync(_path)).Order());
        Assert.False(term.LostToken.IsCancellationRequested || standing.IsCompleted);
        await term.DisposeAsync();
        await using var next = await standing.Patiently();
        Assert.True(next.FencingToken > term.FencingToken);
    }

    /// <summary>
    /// As CURATOR-620, but with the candidate that waits: it must not lead by a znode that its own reset is about to delete.
    /// </summary>
    [Fact]
    public async Task CURATOR_620_CandidateElectedBetweenTwoReconnectsLeadsByAZNodeThatStays()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var term = await new LeaderElection(first, _path).CampaignAsync();
        var standing = new LeaderElection(second, _path).CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);

        await cluster.DropConnectionAsync(second);
        var resigning = term.DisposeAsync();
        await cluster.DropConnectionAsync(second);
        await resigning;

        await using var next = await standing.Patiently();
        await second.SyncedAsync();
        Assert.Equal([next.Path[(_path.Length + 1)..]], await cluster.ChildrenAsync(_path));
        Assert.False(next.LostToken.IsCancellationRequested);
    }

    /// <summary>
    /// The service is away until the leader's session expires. The leader reconnects, finds its old znode still there, leads by it, and
    /// does not notice that the service then deletes it; another one leads beside it.
    /// </summary>
    [Fact]
    public async Task CURATOR_696_LeaderWhoseSessionExpiredWhileItWasAwayDoesNotLeadByItsOldZNode()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var term = await new LeaderElection(first, _path).CampaignAsync();
        var standing = new LeaderElection(second, _path).CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        var session = first.Session.Id;

        await Task.WhenAll(cluster.DropConnectionAsync(first), cluster.ExpireSessionAsync(first));

        await term.LostToken.Cancelled();
        await using var next = await standing.Patiently();
        Assert.True(next.FencingToken > term.FencingToken);
        await first.SyncedAsync();
        Assert.NotEqual(session, first.Session.Id);
        Assert.Null(await new LeaderElection(first, _path).TryCampaignAsync());
        Assert.False(next.LostToken.IsCancellationRequested);
    }

    /// <summary>As CURATOR-696, to the candidate that waits: it must not lead by the znode of its former session.</summary>
    [Fact]
    public async Task CURATOR_696_CandidateWhoseSessionExpiredLeadsByAZNodeOfItsNewSession()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var term = await new LeaderElection(first, _path).CampaignAsync();
        var standing = new LeaderElection(second, _path).CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);

        await Task.WhenAll(cluster.ExpireSessionAsync(second), term.DisposeAsync().AsTask());

        await using var next = await standing.Patiently();
        Assert.Equal(second.Session.Id, (await second.ExistsAsync(next.Path))!.Value.EphemeralOwner);
        Assert.False(next.LostToken.IsCancellationRequested);
    }

    /// <summary>
    /// Both are suspended and reset when they reconnect. The one that waits hears of the leader's old znode being deleted, leads, and then
    /// deletes its own znode as its reset goes on: both lead in the end.
    /// </summary>
    [Theory]
    [InlineData(652)]
    [InlineData(653)]
    public async Task CURATOR_652_653_OneLeadsWhenTheLeaderStandsAnewWhileBothReconnect(int seed)
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var random = new Random(seed);
        var term = await new LeaderElection(first, _path).CampaignAsync();
        for (var i = 0; i < 6; i++)
        {
            var (leader, other) = i % 2 == 0 ? (first, second) : (second, first);
            var standing = new LeaderElection(other, _path).CampaignAsync();
            await cluster.WaitForContendersAsync(_path, 2);

            var drops = new[] { cluster.DropConnectionAsync(first), cluster.DropConnectionAsync(second) };
            for (var turns = random.Next(20); turns > 0; turns--)
                await Task.Yield();
            await term.DisposeAsync();
            await Task.WhenAll(drops);
            var next = await standing.Patiently();

            await using var third = await new LeaderElection(leader, _path).TryCampaignAsync(TimeSpan.FromMilliseconds(20));
            Assert.Null(third);
            Assert.True(next.FencingToken > term.FencingToken);
            Assert.False(next.LostToken.IsCancellationRequested);
            term = next;
        }

        await cluster.Observer.SyncAsync();
        Assert.Equal([term.Path[(_path.Length + 1)..]], await cluster.ChildrenAsync(_path));
    }

    /// <summary>
    /// The leader cannot reach the service for as long as its session lasts: another one leads before it notices. Here it must notice that
    /// nobody can vouch for its term.
    /// </summary>
    [Fact]
    public async Task CURATOR_444_LeaderThatIsCutOffForItsSessionsTimeoutStopsBeforeAnotherLeads()
    {
        await using var first = await cluster.ConnectAsync(sessionTimeout: TimeSpan.FromSeconds(2));
        await using var second = await cluster.ConnectAsync();
        await using var term = await new LeaderElection(first, _path).CampaignAsync();
        var standing = new LeaderElection(second, _path).CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);

        using (cluster.CutOff(first))
        {
            await using var next = await standing.Patiently();
            Assert.True(term.LostToken.IsCancellationRequested);
            Assert.True(next.FencingToken > term.FencingToken);
        }

        await first.SyncedAsync();
        Assert.Null(await new LeaderElection(second, _path).GetLeaderAsync());
    }

    /// <summary>As CURATOR-444, but the service is away from everybody, so that there is nobody to tell the leader either.</summary>
    [Fact]
    public async Task CURATOR_444_LeaderThatNobodyCanTellStopsWhenItsSessionsTimeoutHasPassed()
    {
        await using var service = await RecipeCluster.StartAsync();
        await using var first = await service.ConnectAsync(sessionTimeout: TimeSpan.FromSeconds(1));
        await using var second = await service.ConnectAsync();
        var term = await new LeaderElection(first, _path).CampaignAsync();
        var standing = new LeaderElection(second, _path).CampaignAsync();
        await service.WaitForContendersAsync(_path, 2);

        await service.KillSiloAsync();
        await term.LostToken.Cancelled();
        Assert.False(standing.IsCompleted);

        // Its session may be alive after all when the service is back. What was lost stays lost, and is given up for good.
        await service.RestartSiloAsync();
        await term.DisposeAsync();
        await using var next = await standing.Patiently();
        Assert.True(term.LostToken.IsCancellationRequested);
        Assert.True(next.FencingToken > term.FencingToken);
    }

    /// <summary>
    /// A candidate resets when it reconnects, and again when it hears at the same time that the one in front has gone: the two resets
    /// delete and create znodes in turn, millions of them.
    /// </summary>
    [Fact]
    public async Task CURATOR_504_644_CandidateCreatesNoSecondZNodeWhenItReconnectsAsTheLeaderGoes()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            var term = await new LeaderElection(first, _path).CampaignAsync();
            var standing = new LeaderElection(second, _path).CampaignAsync();
            await cluster.WaitForContendersAsync(_path, 2);
            var before = (await cluster.Observer.ExistsAsync(_path))!.Value.Cversion;

            await Task.WhenAll(cluster.DropConnectionAsync(second), term.DisposeAsync().AsTask());
            var next = await standing.Patiently();

            // The leader's znode has gone. That is all that happened.
            await cluster.WaitForContendersAsync(_path, 1);
            Assert.Equal(before + 1, (await cluster.Observer.ExistsAsync(_path))!.Value.Cversion);
            await next.DisposeAsync();
            await cluster.WaitForContendersAsync(_path, 0);
        }
    }

    /// <summary>
    /// Two candidates reset themselves for ever when the leader resigns, because each finds the other's znode gone when it looks.
    /// </summary>
    [Fact]
    public async Task CURATOR_645_TwoCandidatesSettleWhenTheLeaderResigns()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var third = await cluster.ConnectAsync();
        var term = await new LeaderElection(first, _path).CampaignAsync();
        var standing = new LeaderElection(second, _path).CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 2);
        var last = new LeaderElection(third, _path).CampaignAsync();
        await cluster.WaitForContendersAsync(_path, 3);
        var before = (await cluster.Observer.ExistsAsync(_path))!.Value.Cversion;

        await Task.WhenAll(cluster.DropConnectionAsync(second), cluster.DropConnectionAsync(third), term.DisposeAsync().AsTask());

        await using var next = await standing.Patiently();
        await third.SyncedAsync();
        Assert.False(last.IsCompleted);
        Assert.Equal(before + 1, (await cluster.Observer.ExistsAsync(_path))!.Value.Cversion);
        await next.DisposeAsync();
        await using var final = await last.Patiently();
    }

    /// <summary>
    /// A candidate is closed while it handles the event that the one in front has gone: it finds its znode missing and creates another one,
    /// which nobody deletes.
    /// </summary>
    [Fact]
    public async Task CURATOR_3_CandidateThatGivesUpAsItIsElectedLeavesNoZNodeBehind()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var term = await new LeaderElection(first, _path).CampaignAsync();
            using var cancellation = new CancellationTokenSource();
            var standing = new LeaderElection(second, _path).CampaignAsync(cancellation.Token);
            await cluster.WaitForContendersAsync(_path, 2);

            var resigning = term.DisposeAsync().AsTask();
            for (var turns = i * 5; turns > 0; turns--)
                await Task.Yield();
            await cancellation.CancelAsync();
            await resigning;
            try
            {
                await (await standing.Patiently()).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
            }

            Assert.Empty(await cluster.ChildrenAsync(_path));
        }
    }

    /// <summary>
    /// The connection flaps while a candidate gives up, so that its znode cannot be deleted; the session stays, and with it the znode,
    /// which nobody leads by: there is no leader any more.
    /// </summary>
    [Fact]
    public async Task CURATOR_PR_74_CandidateThatGivesUpWhileTheConnectionFlapsBlocksNobody()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var third = await cluster.ConnectAsync();
        var session = second.Session.Id;
        for (var i = 0; i < 10; i++)
        {
            var term = await new LeaderElection(first, _path).CampaignAsync();
            using var cancellation = new CancellationTokenSource();
            var standing = new LeaderElection(second, _path).CampaignAsync(cancellation.Token);
            if (i % 2 == 0)
                await cluster.WaitForContendersAsync(_path, 2);
            await cluster.DropConnectionAsync(second);
            await cancellation.CancelAsync();
            await cluster.DropConnectionAsync(second);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => standing.Patiently());

            await term.DisposeAsync();
            await using var next = await new LeaderElection(third, _path).CampaignAsync().Patiently();
            Assert.Equal(session, second.Session.Id);
            await cluster.WaitForContendersAsync(_path, 1);
        }
    }

    /// <summary>
    /// The leader's znode is deleted by somebody, and the leader does not notice: CURATOR-171, which PR 74 is about as well.
    /// </summary>
    [Fact]
    public async Task CURATOR_171_LeaderHearsThatItsZNodeWasDeleted()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        await using var term = await new LeaderElection(first, _path).CampaignAsync();
        await second.DeleteAsync(term.Path);
        await term.LostToken.Cancelled();
        await using var next = await new LeaderElection(second, _path).CampaignAsync().Patiently();
        Assert.True(next.FencingToken > term.FencingToken);
    }
}
