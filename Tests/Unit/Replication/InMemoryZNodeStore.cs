using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Replication;

/// <summary>The znode table as dictionaries, so that a test decides when it is read and written.</summary>
internal sealed class InMemoryZNodeStore
{
    private readonly SortedDictionary<string, ZNode> _rows = new(StringComparer.Ordinal) { ["/"] = ModelTree.Root };

    public StoreMarks Marks { get; private set; } = new(0, 0, 1);

    public IEnumerable<StoredEphemeral> Ephemerals =>
        _rows.Where(row => row.Value.Kind == ZNodeKind.Ephemeral)
            .Select(row => new StoredEphemeral(row.Key, row.Value.EphemeralOwner, row.Value.Acl));

    public IEnumerable<string> Containers =>
        _rows.Where(row => row.Value.Kind is ZNodeKind.Container or ZNodeKind.Ttl).Select(row => row.Key);

    public ZNode? Read(string path) => _rows.GetValueOrDefault(path);

    public List<string> ReadChildNames(string path) =>
        [.. _rows.Keys.Where(row => row.Length > 1 && ZNodePath.Parent(row) == path).Select(row => ZNodePath.Name(row).ToString())];

    public List<string> ReadBelow(string path) =>
        [.. _rows.Keys.Where(row => row.StartsWith(path + ZNodePath.Separator, StringComparison.Ordinal))];

    public void Begin(long target) => Marks = Marks with { Target = target };

    public void Write(ZNodeRow row)
    {
        Assert.False(row.IsNew && _rows.ContainsKey(row.Path), $"The row of {row.Path} was said to be new.");
        if (row.Node is not { } node)
            _rows.Remove(row.Path);
        else
            _rows[row.Path] = node.IsDataResident ? node.WithResidentData(node.Data) : node.WithResidentData(_rows[row.Path].Data);
    }

    public void Complete(long target, long znodeCount) => Marks = new(target, target, znodeCount);
}
