namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Makes durable what was written into a file, by whomever.</summary>
internal interface IDataSync : IDisposable
{
    /// <summary>Returns when everything that was written before is on the disk.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The system could not, and does not know what is.</exception>
    void Sync();
}
