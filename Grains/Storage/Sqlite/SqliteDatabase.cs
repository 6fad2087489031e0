using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// One connection to a database file, at the level of SQLite's own interface: what appends and reads cost is then what SQLite costs.
/// A connection is used by one thread at a time.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    private readonly List<SqliteStatement> _statements = [];
    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    /// <summary>Number of rows that the last statement changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens the file, which is created when it is missing.</summary>
    public static SqliteDatabase Open(string path)
    {
        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var result = raw.sqlite3_open_v2(path, out var handle, Flags, null);
        var database = new SqliteDatabase(path, handle);
        try
        {
            database.Check(result);
            database.Check(raw.sqlite3_extended_result_codes(handle, 1));
            database.Check(raw.sqlite3_busy_timeout(handle, (int)BusyTimeout.TotalMilliseconds));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs statements that are not run often.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql, null, default, out _));

    /// <summary>Runs a query for one value; null when there is no row, or NULL in it.</summary>
    public long? QueryInt64(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle));
        using var statement = new SqliteStatement(this, handle);
        return statement.Step() && !statement.IsNull(0) ? statement.Int64(0) : null;
    }

    /// <summary>Copies what it can from the write-ahead log into the database, without waiting for readers or writers.</summary>
    /// <returns>Pages in the write-ahead log, and how many of them are in the database; not all of them when somebody was in the way.</returns>
    public (int LogPages, int CheckpointedPages) CheckpointPassive()
    {
        const int PrimaryCode = 0xff;
        var result = raw.sqlite3_wal_checkpoint_v2(_handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out var logPages, out var checkpointedPages);
        if ((result & PrimaryCode) == raw.SQLITE_BUSY)
            return (LogPages: 1, CheckpointedPages: 0);

        Check(result);
        return (logPages, checkpointedPages);
    }

    /// <summary>Copies all of the write-ahead log into the database and syncs it; the next write begins the write-ahead log anew.</summary>
    public void CheckpointRestart() =>
        Check(raw.sqlite3_wal_checkpoint_v2(_handle, null, raw.SQLITE_CHECKPOINT_RESTART, out _, out _));

    /// <summary>Ends a transaction that an error left open; SQLite has ended some by itself.</summary>
    public void RollbackIfOpen()
    {
        if (IsInTransaction)
            Execute("ROLLBACK");
    }

    public void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            var message = $"{System.IO.Path.GetFileName(Path)}: {raw.sqlite3_errmsg(_handle).utf8_to_string()}";
            throw new SqliteException(message, result & 0xFF, result);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _statements.Clear();
        _handle.Dispose();
    }
}
