using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Benchmarks.Micro.Tree;

/// <summary>A replica that holds everything in memory, and the transactions that change it.</summary>
internal sealed class TreeFixture
{
    private readonly Dictionary<string, ZNode> _znodes = [];
    private readonly DeliveryRound _round = new();
    private long _lastZxid;

    public TreeFixture()
    {
        var root = ZNode.Create(0, 0, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, []);
        Replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        Replica.CompleteLoad(Replica.BeginLoad("/")!, root);
        _znodes.Add("/", root);
    }

    public Replica Replica { get; } = new();

    /// <summary>The next transaction: creates a znode, and counts it in its parent.</summary>
    public Transaction Create(string path, byte[]? data)
    {
        var zxid = ++_lastZxid;
        var parent = ZNodePath.Parent(path);
        var node = ZNode.Create(zxid, zxid, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, data);
        var changedParent = _znodes[parent].WithChildCreated(zxid);
        (_znodes[path], _znodes[parent]) = (node, changedParent);
        return Make(
            OpCode.Create,
            new ZNodeChange(ZNodeChangeKind.Created, path, node),
            new ZNodeChange(ZNodeChangeKind.ChildrenChanged, parent, changedParent));
    }

    /// <summary>The next transaction: sets a znode's data.</summary>
    public Transaction SetData(string path, byte[]? data)
    {
        var zxid = ++_lastZxid;
        return Make(OpCode.SetData, new ZNodeChange(ZNodeChangeKind.DataSet, path, _znodes[path] = _znodes[path].WithData(zxid, zxid, data)));
    }

    public void Apply(Transaction transaction) => Replica.Apply(transaction, _round);

    private Transaction Make(OpCode operation, params ZNodeChange[] changes) => new()
    {
        Zxid = _lastZxid,
        Time = _lastZxid,
        SessionId = 0,
        Origin = new RequestOrigin("benchmark", _lastZxid),
        Operation = operation,
        Changes = changes,
    };
}
