using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>All silos are restarted in turn, as for an upgrade, and clients notice nothing but their own reconnects.</summary>
public sealed class RollingRestartTests : ClusterTest
{
    private const int OperationsBetween = 1_000;

    private static readonly TimeSpan TerminationLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_rolling_restart_under_load_costs_reconnects_and_nothing_else()
    {
        var cluster = await StartClusterAsync();
        var run = await RunAsync(cluster, async run =>
        {
            for (var silo = 0; silo < cluster.Silos.Count; silo++)
            {
                var began = run.History.Operations.Tick();
                var hadSequencer = await cluster.FindSequencerAsync() == silo;
                await cluster.Silos[silo].TerminateAsync(TerminationLimit);
                await run.MakeProgressAsync(OperationsBetween);
                await cluster.Silos[silo].StartAsync();
                run.History.Add(new FaultRecord(FaultKind.Terminate, [silo], hadSequencer, began, run.History.Operations.Tick()));
                await run.MakeProgressAsync(OperationsBetween);
            }
        });

        Assert.Empty(run.Expiries);
        Assert.DoesNotContain(
            run.Operations,
            operation => operation.IsAnswered && operation.Error is not (
                ErrorCode.Ok or ErrorCode.BadVersion or ErrorCode.NodeExists or ErrorCode.NoNode or ErrorCode.RuntimeInconsistency));
        Assert.DoesNotContain(run.Operations, operation => operation is { IsAnswered: true, Outcome: Outcome.Unknown });
    }
}
