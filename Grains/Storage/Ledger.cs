namespace OrleansKeeper.Grains.Storage;

/// <summary>Who may append to the log, and how far it reaches.</summary>
/// <param name="Epoch">The epoch that was claimed last; 0 in a log that nobody ever wrote.</param>
/// <param name="Holder">Who claimed it; free text that names a silo.</param>
/// <param name="LastZxid">Zxid of the last transaction in the log, or the one up to which it was trimmed; 0 when there was none.</param>
internal readonly record struct Ledger(int Epoch, string Holder, long LastZxid);
