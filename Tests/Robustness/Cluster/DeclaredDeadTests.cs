using System.Globalization;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>Membership declares a silo dead that is there, as it does after a partition: it lets its clients go before it ends.</summary>
public sealed class DeclaredDeadTests : ClusterTest
{
    private const string NoMembership = "ZooKeeper has no membership that declares servers dead.";

    // It learns of that when it next reads the table.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_was_declared_dead_serves_nobody_until_it_ends(bool hasSequencer)
    {
        ServerKind.RequireSilo(NoMembership);
        var cluster = await StartClusterAsync();
        var sequencer = await cluster.FindSequencerAsync() ?? 0;
        var number = hasSequencer ? sequencer : (sequencer + 1) % cluster.Silos.Count;
        var silo = cluster.Silos[number];
        await using var session = await KeeperSession.OpenAsync(
            cluster.EndPoints, number, KeeperSession.DefaultTimeout, CancellationToken.None);
        await session.CreateAsync("/before").OkAsync();

        await DeclareDeadAsync(cluster, silo);
        await session.Connection.Closed.WaitAsync(Limit);
        Assert.True(silo.IsRunning, "It held on to its client until it ended.");

        // It may not answer at all: Orleans waits for the end on whatever thread brought the news, and be it the sockets'.
        Assert.NotEqual("rw", await FourLetterWord.AskAsync(silo.EndPoint, "isro"));
        await Assert.ThrowsAsync<ConnectionLostException>(() => KeeperSession.OpenAsync(silo.EndPoint, CancellationToken.None));
        Assert.NotEqual(number, await cluster.FindSequencerAsync());

        using var limit = new CancellationTokenSource(Limit);
        await session.AttachAsync(limit.Token);
        await session.CreateAsync("/behind").OkAsync();

        // Whoever supervises it finds it ended, and starts it again.
        var history = new ClusterHistory();
        await cluster.RunAgainAsync(history);
        var end = Assert.Single(history.Ends);
        Assert.Equal((number, SiloEndReason.DeclaredDead), (end.Silo, end.Reason));
        Assert.Contains("declared this silo dead", silo.Output.ToString(), StringComparison.Ordinal);
        await session.ExistsAsync("/before").OkAsync();
    }

    private static Task DeclareDeadAsync(SiloCluster cluster, SiloProcess silo) =>
        cluster.Database!.ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            UPDATE keeper.OrleansMembershipTable SET Status = {(int)SiloStatus.Dead} WHERE Port = {silo.Settings.SiloPort};
            UPDATE keeper.OrleansMembershipVersionTable SET Version = Version + 1;
            """));
}
