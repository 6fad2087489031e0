using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// A session's writes take effect in the order in which they were sent, also those whose answer was lost with a silo: when anybody saw
/// such a write's value, its zxid lies between those of the session's answers before and behind it.
/// </summary>
internal static class SessionFifo
{
    public static IEnumerable<string> Violations(ClusterRecord run)
    {
        var shown = ShownValues(run);
        foreach (var session in run.Operations.GroupBy(operation => operation.SessionId))
        {
            (Operation Operation, long Zxid)? latest = null;
            foreach (var write in session.Where(IsValueWrite).OrderBy(operation => operation.Invoked))
            {
                if (ZxidOf(write, shown) is not { } zxid)
                    continue;
                if (latest is { } before && zxid <= before.Zxid)
                {
                    yield return
                        $"Sent after\n  {before.Operation}\nof 0x{before.Zxid:x}, but took effect before it, " +
                        $"as 0x{zxid:x}:\n  {write}";
                }

                if (latest is null || zxid > latest.Value.Zxid)
                    latest = (write, zxid);
            }
        }
    }

    private static bool IsValueWrite(Operation operation) =>
        operation.Kind is OperationKind.SetData or OperationKind.SetBoth or OperationKind.CreateSequential
        && operation.Outcome != Outcome.Refused;

    private static long? ZxidOf(Operation write, Dictionary<string, long> shown) =>
        write.Outcome == Outcome.Acknowledged ? write.Zxid : shown.TryGetValue(write.Data, out var zxid) ? zxid : null;

    // Every value is written once, so a value that was seen tells when its write took effect.
    private static Dictionary<string, long> ShownValues(ClusterRecord run)
    {
        var shown = new Dictionary<string, long>();
        foreach (var read in run.Operations.Where(
            operation => operation is { IsWrite: false, Outcome: Outcome.Acknowledged, ResultData: not "" }))
            shown[read.ResultData] = read.ShownZxid;
        foreach (var (path, node) in run.Tree)
        {
            if (path.StartsWith(LoadPaths.QueueEntryPrefix, StringComparison.Ordinal))
                shown[node.Data] = node.Stat.Czxid;
            else if (path.StartsWith(LoadPaths.Registers, StringComparison.Ordinal))
                shown[node.Data] = node.Stat.Mzxid;
        }

        return shown;
    }
}
