using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>The transaction that is being made of a request: its place in the order; the tree keeps its changes so far.</summary>
internal sealed class TransactionDraft(SpeculativeTree tree, GrainInterfaces.SubmittedRequest request, long zxid, long time)
{
    public SpeculativeTree Tree => tree;

    public GrainInterfaces.SubmittedRequest Request => request;

    public long SessionId => request.SessionId;

    public long Zxid => zxid;

    public long Time => time;

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
    public void Change(ZNodeChangeKind kind, string path, ZNode node) => tree.Draft(new ZNodeChange(kind, path, node));
}
