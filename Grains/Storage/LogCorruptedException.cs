namespace OrleansKeeper.Grains.Storage;

/// <summary>What the log holds is not what was written. Nothing behind the damage is applied.</summary>
internal sealed class LogCorruptedException(string message) : IOException(message)
{
    /// <summary>Zxids follow each other in a log, and between these two some are missing.</summary>
    public static LogCorruptedException MissingBetween(long zxid, long next, string log) =>
        new($"{log} is damaged: behind zxid 0x{zxid:x} comes zxid 0x{next:x}, so transactions are missing in between.");
}
