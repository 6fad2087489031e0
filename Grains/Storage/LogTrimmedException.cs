namespace OrleansKeeper.Grains.Storage;

/// <summary>The transactions that were asked for are not in the log any more.</summary>
internal sealed class LogTrimmedException(string message) : IOException(message);
