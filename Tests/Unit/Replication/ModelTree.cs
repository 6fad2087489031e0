using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Replication;

/// <summary>
/// The whole tree in one dictionary: makes transactions, and says what a replica that applied them has to show.
/// Changes collect until <see cref="Commit"/> makes one transaction of them.
/// </summary>
internal sealed class ModelTree
{
    private readonly Dictionary<string, ZNode> _nodes = new() { ["/"] = Root };
    private readonly List<ZNodeChange> _changes = [];

    /// <summary>The root of a new tree.</summary>
    public static ZNode Root { get; } = ZNode.Create(0, 0, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, []);

    public long LastZxid { get; private set; }

    public IReadOnlyCollection<string> Paths => _nodes.Keys;

    public int Count => _nodes.Count;

    private long Zxid => LastZxid + 1;

    private long Time => 1000 + Zxid;

    public ZNode? Find(string path) => _nodes.GetValueOrDefault(path);

    public string[] ChildrenOf(string path) =>
        [.. _nodes.Keys.Where(other => other.Length > 1 && ZNodePath.Parent(other) == path).Select(NameOf).Order(StringComparer.Ordinal)];

    public int CountBelow(string path) =>
        path == ZNodePath.Root ? Count - 1 : _nodes.Keys.Count(other => other.StartsWith(path + ZNodePath.Separator, StringComparison.Ordinal));

    public string[] PathsOf(ZNodeKind kind) =>
        [.. _nodes.Where(entry => entry.Value.Kind == kind).Select(entry => entry.Key).Order(StringComparer.Ordinal)];

    public ModelTree Create(string path, byte[]? data = null, ZNodeKind kind = ZNodeKind.Persistent, long ownerOrTtl = 0)
    {
        var parent = ZNodePath.Parent(path);
        Set(ZNodeChangeKind.Created, path, ZNode.Create(Zxid, Time, kind, ownerOrTtl, AccessControlList.OpenUnsafe, data));
        Set(ZNodeChangeKind.ChildrenChanged, parent, _nodes[parent].WithChildCreated(Zxid));
        return this;
    }

    public ModelTree Delete(string path)
    {
        var parent = ZNodePath.Parent(path);
        _changes.Add(new ZNodeChange(ZNodeChangeKind.Deleted, path, _nodes[path].Deleted(Zxid)));
        _nodes.Remove(path);
        Set(ZNodeChangeKind.ChildrenChanged, parent, _nodes[parent].WithChildDeleted(Zxid));
        return this;
    }

    public ModelTree SetData(string path, byte[]? data)
    {
        Set(ZNodeChangeKind.DataSet, path, _nodes[path].WithData(Zxid, Time, data));
        return this;
    }

    public ModelTree SetAcl(string path, AccessControlList acl)
    {
        Set(ZNodeChangeKind.AclSet, path, _nodes[path].WithAcl(Zxid, acl));
        return this;
    }

    /// <summary>The transaction of the changes since the last one.</summary>
    /// <param name="withoutUnchangedData">Data that did not change is left out, as in a transaction that was read from the log.</param>
    public Transaction Commit(bool withoutUnchangedData = false)
    {
        var changes = _changes.Select(change => withoutUnchangedData && LeavesData(change) ? change with { Node = change.Node.WithoutData() } : change);
        var transaction = new Transaction
        {
            Zxid = Zxid,
            Time = Time,
            SessionId = 0,
            Origin = new RequestOrigin("model", Zxid),
            Operation = OpCode.Multi,
            Changes = [.. changes],
            Results = [new OperationResult(OpCode.Check, ErrorCode.Ok)],
        };
        _changes.Clear();
        LastZxid++;
        return transaction;
    }

    private static bool LeavesData(in ZNodeChange change) => change.Kind is ZNodeChangeKind.ChildrenChanged or ZNodeChangeKind.AclSet;

    private static string NameOf(string path) => ZNodePath.Name(path).ToString();

    private void Set(ZNodeChangeKind kind, string path, ZNode node)
    {
        _nodes[path] = node;
        // The replica keeps what readers of an older state see in the version itself: it must not be the model's object.
        _changes.Add(new ZNodeChange(kind, path, node.WithResidentData(node.Data)));
    }
}
