namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Another process holds the data directory.</summary>
internal sealed class DataDirectoryInUseException(string path, int? holder, Exception innerException) : IOException(
    holder is { } pid
        ? $"The data directory {path} is in use by the process with the id {pid}."
        : $"The data directory {path} is in use by another process, whose id is not known.",
    innerException);
