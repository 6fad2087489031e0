using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Replication;

/// <summary>What a checkpoint writes: everything that changed since the one before, as of one zxid.</summary>
/// <param name="Target">That zxid.</param>
/// <param name="ZNodeCount">Number of znodes in the tree then.</param>
/// <param name="Places">
/// The places with their versions; a version that does not exist removes the row. New is what certainly has no row yet.
/// </param>
/// <param name="Sessions">The sessions that were opened or closed.</param>
internal sealed record CheckpointContent(
    long Target, long ZNodeCount, IReadOnlyList<(TreeNode Place, ZNode Version, bool IsNew)> Places, IReadOnlyList<SessionRow> Sessions);
