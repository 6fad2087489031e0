using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>The sequencer goes to the silo that most writes come to, and clients notice nothing.</summary>
public sealed class SequencerMoveTests : ClusterTest
{
    private const int Moves = 4;
    private const int RequestsInFlight = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_sequencer_follows_the_writes_and_no_client_notices()
    {
        var cluster = await StartClusterAsync(hasNetwork: false, "--Keeper:SequencerMovesAfter=600");
        var run = await RunAsync(cluster, async run =>
        {
            for (var move = 0; move < Moves; move++)
            {
                var silo = ((await cluster.FindSequencerAsync() ?? 0) + 1) % cluster.Silos.Count;
                await DrawSequencerAsync(cluster, silo);
            }
        });

        Assert.Empty(run.Expiries);
        Assert.DoesNotContain(run.Operations, operation => !operation.IsAnswered || operation.Outcome == Outcome.Unknown);
    }

    /// <summary>Writes by way of one silo, much more than the load does by way of all, until that is the sequencer's.</summary>
    private static async Task DrawSequencerAsync(SiloCluster cluster, int silo)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var session = await KeeperSession.OpenAsync(cluster.Silos[silo].EndPoint, cancellationToken);
        await session.CreateAsync($"/drawn-to-{silo}", mode: CreateMode.Ephemeral).OkAsync();
        using var isThere = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writers = Enumerable.Range(0, RequestsInFlight).Select(async _ =>
        {
            while (!isThere.IsCancellationRequested)
                await session.SetDataAsync($"/drawn-to-{silo}", "").OkAsync();
        }).ToArray();

        var deadline = Task.Delay(Patience, cancellationToken);
        while (await cluster.FindSequencerAsync() != silo)
            Assert.False(deadline.IsCompleted, $"The sequencer has not come to silo {silo} within {Patience.TotalSeconds} s.");
        await isThere.CancelAsync();
        await Task.WhenAll(writers);
        await session.CloseAsync();
    }
}
