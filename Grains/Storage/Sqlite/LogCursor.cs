using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Reads the log's rows in order and checks each against its checksum and its predecessor. It reads in pieces and holds nothing between
/// two of them: a reader that stays inside the write-ahead log would keep it from starting over, and it would grow without bound.
/// </summary>
internal sealed class LogCursor : IDisposable
{
    private const int PieceBytes = 4 << 20;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _rows;
    private long _previousZxid;
    private long _nextFirstZxid;

    public LogCursor(string path, long zxid)
    {
        _database = SqliteDatabase.Open(path);
        try
        {
            _rows = _database.Prepare(
                "SELECT first_zxid, last_zxid, checksum, payload FROM transaction_log WHERE first_zxid >= ?1 ORDER BY first_zxid");
            Seek(zxid);
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
                var batch = new LogBatch(_rows.Int64(0), _rows.Int64(1), _rows.Blob(3).ToArray());
                Verify(batch, _rows.Int64(2));
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

    private void Seek(long zxid)
    {
        _database.Execute("BEGIN");
        _nextFirstZxid =
            _database.QueryInt64(
                $"SELECT first_zxid FROM transaction_log WHERE first_zxid <= {zxid} AND last_zxid > {zxid} ORDER BY first_zxid DESC LIMIT 1")
            ?? zxid + 1;
        _previousZxid =
            _database.QueryInt64(
                $"SELECT last_zxid FROM transaction_log WHERE first_zxid < {_nextFirstZxid} ORDER BY first_zxid DESC LIMIT 1")
            ?? _database.QueryInt64("SELECT trimmed_zxid FROM ledger WHERE id = 1")
            ?? 0;
        _database.Execute("COMMIT");
        if (_previousZxid > zxid)
        {
            throw new LogTrimmedException(
                $"{_database.Path} was trimmed up to zxid 0x{_previousZxid:x}, so the transactions behind zxid 0x{zxid:x} are not all in it.");
        }
    }

    private void Verify(in LogBatch batch, long storedChecksum)
    {
        var checksum = LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span);
        if (checksum != storedChecksum)
        {
            throw new LogCorruptedException(
                $"{_database.Path} is damaged: the batch of zxids 0x{batch.FirstZxid:x} to 0x{batch.LastZxid:x} has the checksum "
                + $"{checksum:x16}, but {storedChecksum:x16} was stored with it.");
        }

        if (!ZxidOrder.Follows(batch.FirstZxid, _previousZxid))
        {
            throw new LogCorruptedException(
                $"{_database.Path} is damaged: behind zxid 0x{_previousZxid:x} comes the batch of zxids 0x{batch.FirstZxid:x} to "
                + $"0x{batch.LastZxid:x}, so transactions are missing in between.");
        }
    }
}
