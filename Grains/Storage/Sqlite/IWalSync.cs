namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Makes durable what was written into a write-ahead log.</summary>
internal interface IWalSync : IDisposable
{
    /// <summary>Returns when everything that was written before is on the disk.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The system could not, and does not know what is.</exception>
    void Sync();
}
