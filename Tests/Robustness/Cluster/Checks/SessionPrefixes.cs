using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// What a session is answered is one growing prefix of all transactions, whichever silos it is attached to: once an answer has shown a
/// zxid, every later answer holds everything until that zxid. No read goes back, and none shows a transaction behind its own zxid.
/// </summary>
internal static class SessionPrefixes
{
    public static IEnumerable<string> Violations(ClusterRecord run, KnownChanges changes) =>
        run.Operations.GroupBy(operation => operation.SessionId).SelectMany(session => ViolationsOf([.. session], changes));

    private static IEnumerable<string> ViolationsOf(Operation[] session, KnownChanges changes)
    {
        Operation? newest = null;
        foreach (var operation in session.Where(operation => operation.IsAnswered).OrderBy(operation => operation.Invoked))
        {
            if (newest is not null && (operation.IsWrite ? operation.Zxid <= newest.Zxid : operation.Zxid < newest.Zxid))
                yield return $"The session had seen\n  {newest}\nbut then this has no later zxid:\n  {operation}";
            if (operation.Outcome == Outcome.Acknowledged && ChangesOfShown(operation, changes) is { } shown)
            {
                if (operation.ShownZxid > operation.Zxid)
                    yield return $"Shows a later transaction (0x{operation.ShownZxid:x}) than its zxid says:\n  {operation}";
                if (newest is not null && KnownChanges.LastUntil(shown, newest.Zxid) is { } due && due.Zxid > operation.ShownZxid)
                {
                    yield return
                        $"The session had seen\n  {newest}\nbut this read shows 0x{operation.ShownZxid:x}, without\n" +
                        $"  {due.Operation}\nThe read:\n  {operation}";
                }
            }

            if (newest is null || operation.Zxid > newest.Zxid)
                newest = operation;
        }
    }

    private static Change[]? ChangesOfShown(Operation operation, KnownChanges changes) => operation.Kind switch
    {
        OperationKind.GetChildren => changes.OfMembers,
        OperationKind.GetData or OperationKind.GetDataAndWatch or OperationKind.SyncAndGetData
            when operation.Path.StartsWith(LoadPaths.Registers, StringComparison.Ordinal) => changes.OfData(operation.Path),
        _ => null,
    };
}
