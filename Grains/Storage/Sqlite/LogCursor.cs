using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Reads the log's rows in order and checks each against its checksum and its predecessor. It reads in pieces and holds nothing between
/// two of them: a reader that stays inside the write-ahead log would keep it from starting over, and it would grow without bound. So each
/// piece comes with how far the log was trimmed at that moment: where a whole epoch was trimmed away, the zxids alone would not show it.
/// </summary>
internal sealed class LogCursor : IDisposable
{
    private const int PieceBytes = 4 << 20;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _rows;
    private readonly long _zxid;
    private long _previousZxid;
    private long _nextFirstZxid;

    public LogCursor(string path, long zxid)
    {
        _zxid = zxid;
        _database = SqliteDatabase.Open(path);
        try
        {
            _rows = _database.Prepare(
                """
                SELECT first_zxid, last_zxid, checksum, (SELECT trimmed_zxid FROM ledger WHERE id = 1), payload
                FROM transaction_log
                WHERE first_zxid >= ?1
                ORDER BY first_zxid
                """);
            Seek();
        }
        catch (SqliteException exception) when (SqliteDamage.IsDamage(exception))
        {
            _database.Dispose();
            throw SqliteDamage.InLog(path, exception);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>The next batches; none at the end of the log.</summary>
    public List<LogBatch> ReadPiece()
    {
        var batches = new List<LogBatch>();
        var bytes = 0;
        try
        {
            _rows.Bind(1, _nextFirstZxid);
            while (bytes < PieceBytes && _rows.Step())
            {
                if (batches.Count == 0)
                    DemandNotTrimmed(_rows.Int64(3));
                var batch = new LogBatch(_rows.Int64(0), _rows.Int64(1), _rows.Blob(4).ToArray());
                LogChecksum.Verify(_database.Path, batch, _rows.Int64(2), _previousZxid);
                batches.Add(batch);
                bytes += batch.Payload.Length;
                _previousZxid = batch.LastZxid;
                _nextFirstZxid = batch.LastZxid + 1;
            }
        }
        catch (SqliteException exception) when (SqliteDamage.IsDamage(exception))
        {
            throw SqliteDamage.InLog(_database.Path, exception);
        }
        finally
        {
            _rows.Reset();
        }

        return batches;
    }

    public void Dispose() => _database.Dispose();

    private void DemandNotTrimmed(long trimmedZxid)
    {
        var readZxid = Math.Max(_previousZxid, _zxid);
        if (trimmedZxid > readZxid)
            throw new LogTrimmedException(_database.Path, trimmedZxid, readZxid);

        _previousZxid = Math.Max(_previousZxid, trimmedZxid);
    }

    private void Seek()
    {
        _database.Execute("BEGIN");
        _nextFirstZxid =
            _database.QueryInt64(
                $"SELECT first_zxid FROM transaction_log WHERE first_zxid <= {_zxid} AND last_zxid > {_zxid} ORDER BY first_zxid DESC LIMIT 1")
            ?? _zxid + 1;
        _previousZxid =
            _database.QueryInt64(
                $"SELECT last_zxid FROM transaction_log WHERE first_zxid < {_nextFirstZxid} ORDER BY first_zxid DESC LIMIT 1")
            ?? _database.QueryInt64("SELECT trimmed_zxid FROM ledger WHERE id = 1")
            ?? 0;
        _database.Execute("COMMIT");
        if (_previousZxid > _zxid)
            throw new LogTrimmedException(_database.Path, _previousZxid, _zxid);
    }
}
