using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// The changes that were acknowledged, by what they change and in the order of their zxids. What nobody acknowledged may have happened
/// as well: it is not here, so nothing may be concluded from what is missing.
/// </summary>
internal sealed class KnownChanges
{
    private readonly Dictionary<string, Change[]> _ofData;

    public KnownChanges(IEnumerable<Operation> operations)
    {
        var acknowledged = operations.Where(operation => operation.Outcome == Outcome.Acknowledged).ToArray();
        _ofData = acknowledged
            .Where(operation => operation.Kind is OperationKind.SetData or OperationKind.SetBoth)
            .SelectMany(operation => operation.Kind == OperationKind.SetBoth
                ? new[] { (operation.Path, Operation: operation), (Path: operation.SecondPath, Operation: operation) }
                : [(operation.Path, Operation: operation)])
            .GroupBy(change => change.Path, change => new Change(change.Operation.Zxid, change.Operation))
            .ToDictionary(path => path.Key, path => path.OrderBy(change => change.Zxid).ToArray());
        OfMembers =
        [
            .. acknowledged
                .Where(operation => operation.Kind is OperationKind.Create or OperationKind.Delete && IsMember(operation.Path))
                .Select(operation => new Change(operation.Zxid, operation))
                .OrderBy(change => change.Zxid),
        ];
    }

    /// <summary>Creations and deletions of members.</summary>
    public Change[] OfMembers { get; }

    public static bool IsMember(string path) => path.StartsWith(LoadPaths.Members + "/", StringComparison.Ordinal);

    public Change[] OfData(string path) => _ofData.GetValueOrDefault(path, []);

    /// <summary>The last of some changes that a state at a zxid holds.</summary>
    public static Change? LastUntil(Change[] changes, long zxid)
    {
        var after = FirstIndexAfter(changes, zxid);
        return after == 0 ? null : changes[after - 1];
    }

    /// <summary>The first of some changes behind a zxid.</summary>
    public static Change? FirstAfter(Change[] changes, long zxid)
    {
        var after = FirstIndexAfter(changes, zxid);
        return after == changes.Length ? null : changes[after];
    }

    public static int FirstIndexAfter(Change[] changes, long zxid)
    {
        var (low, high) = (0, changes.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (changes[middle].Zxid <= zxid)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
