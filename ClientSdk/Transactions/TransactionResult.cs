using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Transactions;

/// <summary>What one operation of a transaction came to.</summary>
/// <param name="Path">The znode; of a sequential one that was created, with its counter.</param>
/// <param name="Stat">Its Stat, of one that was created or whose data was set.</param>
public readonly record struct TransactionResult(string Path, Stat? Stat);
