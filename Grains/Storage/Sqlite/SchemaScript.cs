using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The schema of one database file: an embedded script that makes version 1, and one more for each later version.
/// A row in the file says which version it has, so a later program migrates it and an older one refuses it.
/// </summary>
internal sealed record SchemaScript(string Name, int Version, int PageSize)
{
    public static SchemaScript TransactionLog { get; } = new("TransactionLog", Version: 2, PageSize: 8192);

    public static SchemaScript ZNodeStore { get; } = new("ZNodeStore", Version: 2, PageSize: 8192);

    public static SchemaScript OrleansStorage { get; } = new("OrleansStorage", Version: 1, PageSize: 4096);

    /// <summary>Brings the file to this version.</summary>
    /// <exception cref="SchemaVersionException">The file has a later version.</exception>
    public void Apply(SqliteDatabase database)
    {
        // The page size has to be chosen before the first page is written, and the journal mode outside of a transaction.
        database.Execute($"PRAGMA page_size={PageSize}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;");
        var found = ReadVersion(database);
        if (found == Version)
            return;

        database.Execute("BEGIN IMMEDIATE");
        try
        {
            for (var version = found + 1; version <= Version; version++)
                database.Execute(ReadScript(version == 1 ? $"{Name}.sql" : $"{Name}.{version}.sql"));
            database.Execute($"INSERT OR REPLACE INTO schema_version (id, version) VALUES (1, {Version})");
            database.Execute("COMMIT");
        }
        catch (SqliteException)
        {
            database.RollbackIfOpen();
            throw;
        }
    }

    private int ReadVersion(SqliteDatabase database)
    {
        if (database.QueryInt64("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'") is null)
            return 0;

        var found = database.QueryInt64("SELECT version FROM schema_version WHERE id = 1") ?? 0;
        return found <= Version ? (int)found : throw new SchemaVersionException(database.Path, found, Version);
    }

    private static string ReadScript(string name)
    {
        using var stream = typeof(SchemaScript).Assembly.GetManifestResourceStream(typeof(SchemaScript), name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
