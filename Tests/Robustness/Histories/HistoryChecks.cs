namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>Everything that must hold between what the clients were told and what is there in the end.</summary>
internal static class HistoryChecks
{
    private const int MostReported = 10;

    public static void Verify(History history, IReadOnlyDictionary<string, TreeNode> tree)
    {
        var violations = Violations(history.Snapshot(), tree);
        if (violations.Length > 0)
            Assert.Fail($"{violations.Length} violations, the first of them:\n{string.Join("\n\n", violations.Take(MostReported))}");
    }

    public static string[] Violations(IReadOnlyCollection<Operation> history, IReadOnlyDictionary<string, TreeNode> tree) =>
    [
        .. ZxidOrder.Violations(history),
        .. SequenceNames.Violations(history, tree),
        .. Registers.Violations(history, tree),
        .. OwnedNodes.Violations(history, tree),
    ];
}
