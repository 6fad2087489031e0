namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Where the embedded storage keeps its files.</summary>
internal sealed class SqliteStorageOptions
{
    /// <summary>The folder; created when it is missing. One process at a time may use it.</summary>
    public string DataDirectory { get; set; } = "data";
}
