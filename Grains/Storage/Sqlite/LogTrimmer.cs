using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Removes old rows of the log on a connection of its own, a bounded number at a time, so that an append that meets it waits for a
/// moment only. What it commits need not be synced: rows that come back after a crash are trimmed again.
/// </summary>
internal sealed class LogTrimmer : IDisposable
{
    /// <summary>A step of this size keeps an append waiting for about as long as a sync takes.</summary>
    private const int MostRows = 32;

    private const long MostBytes = 128 << 10;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _candidates;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _note;

    public LogTrimmer(string path)
    {
        _database = SqliteDatabase.Open(path);
        _database.Execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;");
        _candidates = _database.Prepare(
            $"""
            SELECT first_zxid, last_zxid, length(payload)
            FROM transaction_log
            WHERE first_zxid <= ?1 AND last_zxid <= ?1 AND first_zxid < (SELECT max(first_zxid) FROM transaction_log)
            ORDER BY first_zxid
            LIMIT {MostRows}
            """);
        _delete = _database.Prepare("DELETE FROM transaction_log WHERE first_zxid <= ?1");
        _note = _database.Prepare("UPDATE ledger SET trimmed_zxid = ?1 WHERE id = 1");
    }

    /// <summary>Removes the oldest batches that end at or before the zxid. False when there are none.</summary>
    /// <param name="zxid">How far to trim.</param>
    /// <param name="gate">Held while the rows are removed.</param>
    public bool Step(long zxid, Lock gate)
    {
        if (FindLast(zxid) is not { } last)
            return false;

        lock (gate)
        {
            try
            {
                _database.Execute("BEGIN IMMEDIATE");
                _delete.Bind(1, last.FirstZxid).Execute();
                _note.Bind(1, last.LastZxid).Execute();
                _database.Execute("COMMIT");
            }
            catch (SqliteException)
            {
                _database.RollbackIfOpen();
                throw;
            }
        }

        return true;
    }

    public void Dispose() => _database.Dispose();

    private (long FirstZxid, long LastZxid)? FindLast(long zxid)
    {
        (long, long)? last = null;
        var bytes = 0L;
        _candidates.Bind(1, zxid);
        while (bytes < MostBytes && _candidates.Step())
        {
            last = (_candidates.Int64(0), _candidates.Int64(1));
            bytes += _candidates.Int64(2);
        }

        _candidates.Reset();
        return last;
    }
}
