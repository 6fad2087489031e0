using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>
/// Registers, znodes that all clients write: a version has one value for everybody and for ever (so what a read showed before a crash
/// is still so after it), versions grow with zxids, and a read shows nothing older than what was acknowledged before it was sent.
/// </summary>
internal static class Registers
{
    public static IEnumerable<string> Violations(IReadOnlyCollection<Operation> history, IReadOnlyDictionary<string, TreeNode> tree) =>
        from number in Enumerable.Range(0, LoadPaths.RegisterCount)
        let path = LoadPaths.Register(number)
        let operations = history.Where(operation => operation.Path == path).ToArray()
        from violation in Violations(operations, tree[path])
        select $"{path}: {violation}";

    private static IEnumerable<string> Violations(Operation[] operations, TreeNode last)
    {
        var acknowledged = operations.Where(operation => operation.Outcome == Outcome.Acknowledged).ToArray();
        var writes = acknowledged.Where(operation => operation.IsWrite).ToArray();
        var lost = operations.Count(operation => operation is { IsWrite: true, Outcome: Outcome.Unknown });
        return RefusedWrites(operations)
            .Concat(AmbiguousVersions(acknowledged, last))
            .Concat(UnwrittenValues(operations, acknowledged, last))
            .Concat(VersionsAgainstZxids(writes))
            .Concat(StaleReads(acknowledged))
            .Concat(WrongCount(writes, lost, last));
    }

    private static IEnumerable<string> RefusedWrites(Operation[] operations) =>
        from operation in operations
        where operation.Outcome == Outcome.Refused
        select $"Refused without a reason:\n  {operation}";

    private static IEnumerable<string> AmbiguousVersions(Operation[] acknowledged, TreeNode last)
    {
        var values = new Dictionary<int, (string Value, string Source)> { [last.Stat.Version] = (last.Data, "what is there at the end") };
        foreach (var operation in acknowledged)
        {
            var value = operation.IsWrite ? operation.Data : operation.ResultData;
            if (values.TryGetValue(operation.ResultVersion, out var other) && other.Value != value)
                yield return $"Version {operation.ResultVersion} has two values:\n  {other.Source}\n  {operation}";
            values[operation.ResultVersion] = (value, operation.ToString());
        }
    }

    private static IEnumerable<string> UnwrittenValues(Operation[] operations, Operation[] acknowledged, TreeNode last)
    {
        var written = operations.Where(operation => operation.IsWrite).Select(operation => operation.Data).Append("").ToHashSet();
        if (!written.Contains(last.Data))
            yield return $"Nobody wrote '{last.Data}', which is there at the end.";
        foreach (var read in acknowledged.Where(operation => !operation.IsWrite && !written.Contains(operation.ResultData)))
            yield return $"Nobody wrote what this read:\n  {read}";
    }

    private static IEnumerable<string> VersionsAgainstZxids(Operation[] writes)
    {
        Operation? previous = null;
        foreach (var write in writes.OrderBy(write => write.Zxid))
        {
            if (previous is not null && write.ResultVersion <= previous.ResultVersion)
                yield return $"A later write did not raise the version:\n  {previous}\n  {write}";
            previous = write;
        }
    }

    private static IEnumerable<string> StaleReads(Operation[] acknowledged)
    {
        var returns = acknowledged.OrderBy(operation => operation.Returned).ToArray();
        var returned = 0;
        var newest = -1;
        foreach (var operation in acknowledged.OrderBy(operation => operation.Invoked))
        {
            for (; returns[returned].Returned < operation.Invoked; returned++)
                newest = Math.Max(newest, returns[returned].ResultVersion);
            if (operation.ResultVersion < newest)
                yield return $"Version {newest} had been seen before this was sent:\n  {operation}";
        }
    }

    private static IEnumerable<string> WrongCount(Operation[] writes, int lost, TreeNode last)
    {
        if (last.Stat.Version < writes.Length || last.Stat.Version > writes.Length + lost)
            yield return $"Version {last.Stat.Version} after {writes.Length} acknowledged writes and {lost} whose answer was lost.";
        var highest = writes.MaxBy(write => write.ResultVersion);
        if (highest is not null && highest.ResultVersion > last.Stat.Version)
            yield return $"Version {last.Stat.Version} at the end, but this was acknowledged:\n  {highest}";
    }
}
