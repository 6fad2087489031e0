namespace OrleansKeeper.Grains.Storage;

/// <summary>
/// The log does not reach back to where it was to be read from. Nothing is damaged: the tables hold what was trimmed, so the reader
/// begins anew from the checkpoint mark.
/// </summary>
internal sealed class LogTrimmedException(string log, long trimmedZxid, long zxid) : IOException(
    $"{log} was trimmed up to zxid 0x{trimmedZxid:x}, so the transactions behind zxid 0x{zxid:x} are not all in it.");
