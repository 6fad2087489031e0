using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Replication;

/// <summary>What a look-up found.</summary>
/// <param name="Residency">Whether there is a znode.</param>
/// <param name="Node">Its version at the watermark; null unless present.</param>
/// <param name="Place">Its place; null where the tree has none.</param>
/// <param name="Watermark">The zxid as of which this is the answer.</param>
internal readonly record struct Found(Residency Residency, ZNode? Node, TreeNode? Place, long Watermark);
