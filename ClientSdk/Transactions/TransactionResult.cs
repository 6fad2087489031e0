using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Transactions;

/// <summary>What one operation of a transaction came to.</summary>
/// <param name="Path">The znode; of a sequential one that was created, with its counter.</param>
/// <param name="Stat">
/// Its Stat, of one whose data was set, or that was created as a container or with a time to live. As in ZooKeeper, a transaction does not tell that of
/// any other that it creates.
/// </param>
public readonly record struct TransactionResult(string Path, Stat? Stat);
