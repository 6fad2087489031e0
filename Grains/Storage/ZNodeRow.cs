using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Storage;

/// <summary>A row of the znode table.</summary>
/// <param name="Path">The znode's path.</param>
/// <param name="Node">The znode; null for a row to be removed. Written without its data, the row keeps the data that it has.</param>
internal readonly record struct ZNodeRow(string Path, ZNode? Node);
