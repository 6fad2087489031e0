using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>The transaction that is being made of a request: its place in the order, and the changes so far.</summary>
internal sealed class TransactionDraft(SpeculativeTree tree, GrainInterfaces.SubmittedRequest request, long zxid, long time)
{
    private readonly List<ZNodeChange> _changes = new(2);

    public SpeculativeTree Tree => tree;

    public GrainInterfaces.SubmittedRequest Request => request;

    public long SessionId => request.SessionId;

    public long Zxid => zxid;

    public long Time => time;

    public IReadOnlyList<ZNodeChange> Changes => _changes;

    /// <summary>False when the request's session was closed by an earlier transaction; a request without a session needs none.</summary>
    public bool IsSessionOpen => SessionId == 0 || tree.IsOpen(SessionId);

    /// <summary>Finds a znode that has to exist.</summary>
    public Verdict FindExisting(string path, out ZNode? node) => tree.Find(path, out node) switch
    {
        Residency.NotResident => Verdict.Needs(path),
        Residency.Absent => Verdict.Fails(ErrorCode.NoNode),
        _ => Verdict.Ok,
    };

    /// <summary>Makes a change: later operations of the same multi, and later transactions, are validated against it.</summary>
    public void Change(ZNodeChangeKind kind, string path, ZNode node)
    {
        tree.Set(path, node);
        _changes.Add(new ZNodeChange(kind, path, node));
    }

    /// <summary>Takes all changes back.</summary>
    public void RollBack()
    {
        tree.RollBack();
        _changes.Clear();
    }
}
