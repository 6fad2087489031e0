using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// What is known of a run when it has ended: everything that the clients did and saw, the faults, the silos that ended by themselves, and
/// the tree that each silo has then, as of the same zxid.
/// </summary>
internal sealed record ClusterRecord(
    Operation[] Operations,
    ConnectionRecord[] Connections,
    LockGrant[] Grants,
    SessionExpiry[] Expiries,
    FaultRecord[] Faults,
    SiloEnd[] Ends,
    IReadOnlyDictionary<string, TreeNode>[] Trees)
{
    /// <summary>The tree that is left.</summary>
    public IReadOnlyDictionary<string, TreeNode> Tree => Trees[0];

    /// <summary>
    /// The faults that a silo may feel which was found ended then: the last one, and the one before, since it may have learnt that it was
    /// declared dead when the last one had begun already.
    /// </summary>
    public IEnumerable<FaultRecord> LastFaults(long at) => Faults.Where(fault => fault.Began < at).OrderBy(fault => fault.Began).TakeLast(2);

    public static ClusterRecord Of(ClusterHistory history, IReadOnlyDictionary<string, TreeNode>[] trees) =>
        new(history.Operations.Snapshot(), history.Connections, history.Grants, history.Expiries, history.Faults, history.Ends, trees);
}
