using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>A change of a znode that a client was told of, with the transaction that made it.</summary>
internal readonly record struct Change(long Zxid, Operation Operation);
