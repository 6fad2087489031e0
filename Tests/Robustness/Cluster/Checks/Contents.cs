using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// What any read showed, synced or not, was so at the zxid that it showed: a register has the value that was written there, and the list
/// of members holds exactly those that were created until then and not deleted.
/// </summary>
internal static class Contents
{
    public static IEnumerable<string> Violations(ClusterRecord run, KnownChanges changes) => Registers(run, changes).Concat(Lists(run));

    private static IEnumerable<string> Registers(ClusterRecord run, KnownChanges changes)
    {
        var written = run.Operations
            .Where(operation => operation.Kind is OperationKind.SetData or OperationKind.SetBoth && operation.Outcome != Outcome.Refused)
            .GroupBy(operation => operation.Data)
            .ToDictionary(value => value.Key, value => value.First());
        foreach (var read in run.Operations.Where(IsRegisterRead))
        {
            if (KnownChanges.LastUntil(changes.OfData(read.Path), read.ShownZxid) is { } change && change.Zxid == read.ShownZxid)
            {
                if (change.Operation.Data != read.ResultData)
                    yield return $"This wrote\n  {change.Operation}\nbut this read shows another value at 0x{read.ShownZxid:x}:\n  {read}";
            }
            else if (read.ResultData != "" && !(written.TryGetValue(read.ResultData, out var write) && write.Outcome == Outcome.Unknown))
                yield return $"No write of 0x{read.ShownZxid:x} explains what this shows:\n  {read}";
        }
    }

    private static bool IsRegisterRead(Operation operation) =>
        operation is
        {
            Outcome: Outcome.Acknowledged,
            Kind: OperationKind.GetData or OperationKind.GetDataAndWatch or OperationKind.SyncAndGetData,
        }
        && operation.Path.StartsWith(LoadPaths.Registers, StringComparison.Ordinal);

    private static IEnumerable<string> Lists(ClusterRecord run)
    {
        var creates = Members(run, OperationKind.Create);
        var deletes = Members(run, OperationKind.Delete);
        foreach (var list in run.Operations.Where(
            operation => operation is { Kind: OperationKind.GetChildren, Outcome: Outcome.Acknowledged, Path: LoadPaths.Members }))
        {
            var names = list.Names.ToHashSet();
            foreach (var name in names.Where(name => !creates.ContainsKey(name)))
                yield return $"Nobody created {name}, which this shows:\n  {list}";
            foreach (var (name, create) in creates)
            {
                var delete = deletes.GetValueOrDefault(name);
                var isCreated = create.Outcome == Outcome.Acknowledged ? create.Zxid <= list.ShownZxid : (bool?)null;
                var isDeleted = delete?.Outcome switch
                {
                    null => false,
                    Outcome.Acknowledged => delete.Zxid <= list.ShownZxid,
                    _ => (bool?)null,
                };
                if (names.Contains(name) && (isCreated == false || isDeleted == true))
                    yield return $"Is not there at 0x{list.ShownZxid:x}:\n  {create}\n  {delete}\nbut this shows it:\n  {list}";
                if (!names.Contains(name) && isCreated == true && isDeleted == false)
                    yield return $"Is there at 0x{list.ShownZxid:x}:\n  {create}\n  {delete}\nbut this does not show it:\n  {list}";
            }
        }
    }

    private static Dictionary<string, Operation> Members(ClusterRecord run, OperationKind kind) => run.Operations
        .Where(operation => operation.Kind == kind && KnownChanges.IsMember(operation.Path) && operation.Outcome != Outcome.Refused)
        .ToDictionary(operation => operation.Path[(LoadPaths.Members.Length + 1)..]);
}
