using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// What is known of a run when it has ended: everything that the clients did and saw, the faults, and the tree that is left.
/// </summary>
internal sealed record ClusterRecord(
    Operation[] Operations,
    ConnectionRecord[] Connections,
    LockGrant[] Grants,
    SessionExpiry[] Expiries,
    FaultRecord[] Faults,
    IReadOnlyDictionary<string, TreeNode> Tree)
{
    public static ClusterRecord Of(ClusterHistory history, IReadOnlyDictionary<string, TreeNode> tree) =>
        new(history.Operations.Snapshot(), history.Connections, history.Grants, history.Expiries, history.Faults, tree);
}
