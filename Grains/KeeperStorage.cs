namespace OrleansKeeper.Grains;

/// <summary>Where the service keeps its log, its tables and what Orleans stores.</summary>
public enum KeeperStorage
{
    /// <summary>In SQLite files in a folder: for one silo.</summary>
    Sqlite,

    /// <summary>In a PostgreSQL database, which several silos can share.</summary>
    PostgreSql,
}
