using System.Diagnostics;
using OrleansKeeper.Tests.PlantedBugs;
using OrleansKeeper.Tests.Robustness.Cluster.Checks;
using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>
/// The checks that all runs against a cluster end with find what they are for: here the silos have a bug, and the checks of the promises
/// that it breaks must find that. The same without bugs is <see cref="ClusterFaultTests"/>.
/// </summary>
public sealed class PlantedBugTests : ClusterTest
{
    private const string NoBug = "ZooKeeper's servers have no bug that could be planted.";
    private const int Operations = 3_000;
    private const int OperationsBetween = 200;

    private static readonly TimeSpan CutOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public Task A_deposed_sequencer_that_goes_on_appending_is_found() =>
        FindAsync(PlantedBug.UnfencedAppend, CutOffSequencersAsync, [nameof(ZxidOrder)]);

    [Fact]
    public Task A_feed_in_the_wrong_order_is_found() =>
        FindAsync(PlantedBug.ReorderedFeed, GoOnAsync, [nameof(SessionPrefixes), nameof(Contents), nameof(SameTrees)]);

    [Fact]
    public Task A_lost_watch_is_found() =>
        FindAsync(PlantedBug.LostWatch, GoOnAsync, [nameof(DataWatches), nameof(RecursiveWatches)]);

    [Fact]
    public Task A_sync_that_does_not_ask_the_ledger_is_found() =>
        FindAsync(PlantedBug.StaleSync, GoOnAsync, [nameof(ZxidOrder), nameof(LinearizableRegisters)]);

    [Fact]
    public Task A_session_that_expires_while_its_client_talks_is_found() => FindAsync(
        PlantedBug.LostHeartbeats, GoOnUntilExpiryAsync, [nameof(SessionExpiries)], "--Keeper:MaxSessionTimeout=4000");

    private async Task FindAsync(PlantedBug bug, Func<SiloCluster, ClusterRun, Task> happen, string[] checks, params string[] arguments)
    {
        ServerKind.RequireSilo(NoBug);
        var cluster = await StartClusterAsync(
            hasNetwork: true, settings => settings with { Environment = Planting.EnvironmentOf(bug), Arguments = arguments });
        var record = await LoadAsync(cluster, run => happen(cluster, run));
        var found = ClusterChecks.Violations(record).ToArray();
        foreach (var check in found.GroupBy(violation => violation.Check))
            WriteLine($"{check.Count()} by {check.Key}, the first:\n{check.First().What}");
        string[] missed = [.. checks.Except(found.Select(violation => violation.Check))];
        Assert.True(missed.Length == 0, $"{bug} was not found by {string.Join(", ", missed)}. Again with: {Repeat}");
    }

    private static Task GoOnAsync(SiloCluster cluster, ClusterRun run) => run.MakeProgressAsync(Operations);

    // How much a deposed sequencer still acknowledges depends on how soon its clients wait for what it has not got.
    private static async Task CutOffSequencersAsync(SiloCluster cluster, ClusterRun run)
    {
        var injector = new FaultInjector(cluster, run.History);
        await GoOnUntilAsync(run, record => ZxidOrder.Violations(record.Operations, isCurrent: _ => false).Any(), () =>
            injector.InjectAsync(new PlannedFault(0, FaultKind.CutFromSilos, WithSequencer: true, FirstSilo: 0, SiloCount: 1, CutOff)));
    }

    // Most clients close their sessions before they are as old as the timeout; those that take the lock do not.
    private static Task GoOnUntilExpiryAsync(SiloCluster cluster, ClusterRun run) =>
        GoOnUntilAsync(run, record => SessionExpiries.Violations(record).Any(), () => Task.CompletedTask);

    /// <summary>Goes on until what was answered so far shows the bug, for a limited time.</summary>
    private static async Task GoOnUntilAsync(ClusterRun run, Func<ClusterRecord, bool> isFound, Func<Task> happen)
    {
        var started = Stopwatch.GetTimestamp();
        do
        {
            await happen();
            await run.MakeProgressAsync(OperationsBetween);
        }
        while (!isFound(ClusterRecord.Of(run.History, [])) && Stopwatch.GetElapsedTime(started) < Limit);
    }
}
