namespace OrleansKeeper.Grains.Storage;

/// <summary>Consecutive transactions of one epoch as they stand in the log: one row, appended as one.</summary>
/// <param name="FirstZxid">Zxid of the first transaction.</param>
/// <param name="LastZxid">Zxid of the last transaction.</param>
/// <param name="Payload">The transactions in the binary form of <c>TransactionCodec</c>.</param>
internal readonly record struct LogBatch(long FirstZxid, long LastZxid, ReadOnlyMemory<byte> Payload);
