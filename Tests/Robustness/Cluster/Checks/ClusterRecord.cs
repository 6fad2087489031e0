using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// What is known of a run when it has ended: everything that the clients did and saw, the faults, and the tree that each silo has then, as
/// of the same zxid.
/// </summary>
internal sealed record ClusterRecord(
    Operation[] Operations,
    ConnectionRecord[] Connections,
    LockGrant[] Grants,
    SessionExpiry[] Expiries,
    FaultRecord[] Faults,
    IReadOnlyDictionary<string, TreeNode>[] Trees)
{
    /// <summary>The tree that is left.</summary>
    public IReadOnlyDictionary<string, TreeNode> Tree => Trees[0];

    public static ClusterRecord Of(ClusterHistory history, IReadOnlyDictionary<string, TreeNode>[] trees) =>
        new(history.Operations.Snapshot(), history.Connections, history.Grants, history.Expiries, history.Faults, trees);
}
