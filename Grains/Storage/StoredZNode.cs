using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Storage;

/// <summary>A znode as the tables have it.</summary>
/// <param name="Node">The znode; null when there is no such row.</param>
/// <param name="Target">
/// The checkpoint target that stood in the tables when the row was read: the row may be as of any zxid up to it, so it is used only once
/// the reader's watermark is there (rule R7).
/// </param>
internal readonly record struct StoredZNode(ZNode? Node, long Target);
