using System.Globalization;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>
/// Sequential znodes: every acknowledged one is there as it was created, nothing is there that nobody asked for, no request took
/// effect twice, and the numbers grow with the zxids.
/// </summary>
internal static class SequenceNames
{
    private const int Digits = 10;

    public static IEnumerable<string> Violations(IReadOnlyCollection<Operation> history, IReadOnlyDictionary<string, TreeNode> tree)
    {
        var creates = history.Where(operation => operation.Kind == OperationKind.CreateSequential).ToArray();
        var entries = tree.Where(node => node.Key.StartsWith(LoadPaths.QueueEntryPrefix, StringComparison.Ordinal)).ToArray();
        return Lost(creates, tree).Concat(Unasked(creates, entries)).Concat(Disordered(entries));
    }

    private static IEnumerable<string> Lost(Operation[] creates, IReadOnlyDictionary<string, TreeNode> tree)
    {
        foreach (var create in creates.Where(create => create.Outcome == Outcome.Acknowledged))
        {
            if (!tree.TryGetValue(create.CreatedPath, out var node))
                yield return $"Acknowledged, but not there:\n  {create}";
            else if (node.Data != create.Data || node.Stat.Czxid != create.Zxid)
                yield return $"There, but with '{node.Data}' and {node.Stat}:\n  {create}";
        }
    }

    private static IEnumerable<string> Unasked(Operation[] creates, KeyValuePair<string, TreeNode>[] entries)
    {
        var asked = creates.Where(create => create.Outcome != Outcome.Refused).ToDictionary(create => create.Data);
        foreach (var same in entries.GroupBy(entry => entry.Value.Data))
        {
            if (!asked.TryGetValue(same.Key, out var create))
                yield return $"There, but nobody created it: {string.Join(", ", same)}";
            else if (same.Count() > 1)
                yield return $"Created more than once, as {string.Join(", ", same.Select(entry => entry.Key))}:\n  {create}";
        }
    }

    private static IEnumerable<string> Disordered(KeyValuePair<string, TreeNode>[] entries)
    {
        var previous = default(KeyValuePair<string, TreeNode>);
        foreach (var entry in entries.OrderBy(entry => entry.Value.Stat.Czxid))
        {
            if (previous.Key is not null && Number(previous.Key) >= Number(entry.Key))
            {
                yield return
                    $"{entry.Key} (0x{entry.Value.Stat.Czxid:x}) was created after " +
                    $"{previous.Key} (0x{previous.Value.Stat.Czxid:x}).";
            }

            previous = entry;
        }
    }

    private static long Number(string path) => long.Parse(path.AsSpan(path.Length - Digits), CultureInfo.InvariantCulture);
}
