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
        string[] violations = [.. Violations(run)];
        if (violations.Length > 0)
        {
            Assert.Fail(
                $"{violations.Length} violations. Again with: {repeat}\n" +
                $"The first of them:\n{string.Join("\n\n", violations.Take(MostReported))}");
        }
    }

    public static IEnumerable<string> Violations(ClusterRecord run)
    {
        var changes = new KnownChanges(run.Operations);
        var expired = run.Expiries.Select(expiry => expiry.SessionId).ToHashSet();
        return
        [
            .. ZxidOrder.Violations(run.Operations, IsCurrent),
            .. LinearizableRegisters.Violations(run),
            .. SessionPrefixes.Violations(run, changes),
            .. SessionFifo.Violations(run),
            .. Contents.Violations(run, changes),
            .. SequenceNames.Violations(run.Operations, run.Tree),
            .. OwnedNodes.Violations(run.Operations, run.Tree, expired),
            .. DataWatches.Violations(run, changes),
            .. RecursiveWatches.Violations(run, changes),
            .. LockExclusion.Violations(run),
            .. SessionExpiries.Violations(run),
            .. ServerKind.UnderTest.KeepsConnections ? SurvivingConnections.Violations(run) : [],
        ];
    }

    private static bool IsCurrent(Operation read) =>
        read.Kind == OperationKind.SyncAndGetData && ServerKind.UnderTest.HasLinearizableSync;
}
