using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>Everything that must hold between what the clients of a cluster did, were told and saw, and what is there in the end.</summary>
internal static class ClusterChecks
{
    private const int MostReported = 10;

    /// <summary>Fails with the first violations.</summary>
    /// <param name="run">What happened.</param>
    /// <param name="repeat">The command that runs it again.</param>
    public static void Verify(ClusterRecord run, string repeat)
    {
        Violation[] violations = [.. Violations(run)];
        if (violations.Length > 0)
        {
            Assert.Fail(
                $"{violations.Length} violations. Again with: {repeat}\n" +
                $"The first of them:\n{string.Join("\n\n", violations.Take(MostReported))}");
        }
    }

    public static IEnumerable<Violation> Violations(ClusterRecord run)
    {
        var changes = new KnownChanges(run.Operations);
        var expired = run.Expiries.Select(expiry => expiry.SessionId).ToHashSet();
        return
        [
            .. Of(nameof(ZxidOrder), ZxidOrder.Violations(run.Operations, IsCurrent)),
            .. Of(nameof(LinearizableRegisters), LinearizableRegisters.Violations(run)),
            .. Of(nameof(SessionPrefixes), SessionPrefixes.Violations(run, changes)),
            .. Of(nameof(SessionFifo), SessionFifo.Violations(run)),
            .. Of(nameof(Contents), Contents.Violations(run, changes)),
            .. Of(nameof(SequenceNames), SequenceNames.Violations(run.Operations, run.Tree)),
            .. Of(nameof(OwnedNodes), OwnedNodes.Violations(run.Operations, run.Tree, expired)),
            .. Of(nameof(DataWatches), DataWatches.Violations(run, changes)),
            .. Of(nameof(RecursiveWatches), RecursiveWatches.Violations(run, changes)),
            .. Of(nameof(LockExclusion), LockExclusion.Violations(run)),
            .. Of(nameof(SessionExpiries), SessionExpiries.Violations(run)),
            .. Of(nameof(SiloEnds), SiloEnds.Violations(run)),
            .. Of(nameof(SurvivingConnections), ServerKind.UnderTest.KeepsConnections ? SurvivingConnections.Violations(run) : []),
            .. Of(nameof(SameTrees), SameTrees.Violations(run.Trees)),
        ];
    }

    private static IEnumerable<Violation> Of(string check, IEnumerable<string> violations) =>
        violations.Select(what => new Violation(check, what));

    private static bool IsCurrent(Operation read) =>
        read.Kind == OperationKind.SyncAndGetData && ServerKind.UnderTest.HasLinearizableSync;
}
