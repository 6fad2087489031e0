namespace OrleansKeeper.Grains.Storage;

/// <summary>How far the tables are.</summary>
/// <param name="Mark">Everything up to this zxid is in the tables.</param>
/// <param name="Target">Some rows are already as of this zxid; equal to <paramref name="Mark"/> unless a checkpoint runs or was cut short.</param>
/// <param name="ZNodeCount">Number of znodes in the tree as of <paramref name="Mark"/>.</param>
internal readonly record struct StoreMarks(long Mark, long Target, long ZNodeCount);
