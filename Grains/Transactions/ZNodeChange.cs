using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Transactions;

/// <summary>One znode's part of a transaction: the result, not an instruction, so that applying it needs no earlier state (rule R8).</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">To which znode.</param>
/// <param name="Node">The znode from now on; what says that it is absent when it was deleted.</param>
internal readonly record struct ZNodeChange(ZNodeChangeKind Kind, string Path, ZNode Node);
