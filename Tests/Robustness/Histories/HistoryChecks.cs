namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>Everything that must hold between what the clients were told and what is there in the end.</summary>
internal static class HistoryChecks
{
    private const int MostReported = 10;

    public static void Verify(History history, IReadOnlyDictionary<string, TreeNode> tree)
    {
        var operations = history.Snapshot();
        var violations = ZxidOrder.Violations(operations)
            .Concat(SequenceNames.Violations(operations, tree))
            .Concat(Registers.Violations(operations, tree))
            .Concat(OwnedNodes.Violations(operations, tree))
            .ToArray();
        if (violations.Length > 0)
            Assert.Fail($"{violations.Length} violations, the first of them:\n{string.Join("\n\n", violations.Take(MostReported))}");
    }
}
