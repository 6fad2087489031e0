namespace OrleansKeeper.Grains.Storage;

/// <summary>What the log holds is not what was written. Nothing behind the damage is applied.</summary>
internal sealed class LogCorruptedException(string message) : IOException(message);
