using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Reads the log's batches in order and checks each against its checksum and its predecessor. It reads in pieces and holds nothing between
/// two of them: a reader that stays inside the write-ahead log would keep it from starting over, and it would grow without bound. So each
/// piece comes with how far the log was trimmed at that moment: where a whole epoch was trimmed away, the zxids alone would not show it, and
/// the slots may have been filled again.
/// </summary>
internal sealed class LogCursor : IDisposable
{
    private const int PieceBytes = 4 << 20;

    private readonly LogSegments _segments;
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _rows;
    private long _zxid;

    public LogCursor(string path, LogSegments segments, long zxid)
    {
        _segments = segments;
        _zxid = zxid;
        _database = SqliteDatabase.Open(path);
        try
        {
            _rows = _database.Prepare(
                """
                SELECT last_zxid, (SELECT trimmed_zxid FROM ledger WHERE id = 1), batches
                FROM transaction_log
                WHERE slot BETWEEN ?1 AND ?2
                ORDER BY slot
                """);
            DemandNotTrimmed(_database.QueryInt64("SELECT trimmed_zxid FROM ledger WHERE id = 1") ?? 0);
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
        while (bytes < PieceBytes && _segments.Locate(_zxid) is { } located)
        {
            var count = batches.Count;
            ReadSegment(located.Segment, located.PreviousZxid, batches, ref bytes);
            if (batches.Count == count)
            {
                throw new LogCorruptedException(
                    $"{_database.Path} is damaged: behind zxid 0x{_zxid:x} transactions are missing, up to 0x{located.Segment.LastZxid:x}.");
            }
        }

        return batches;
    }

    public void Dispose() => _database.Dispose();

    private void ReadSegment(in LogSegment segment, long previousZxid, List<LogBatch> batches, ref int bytes)
    {
        try
        {
            _rows.Bind(1, segment.FirstSlot).Bind(2, segment.LastUsedSlot);
            while (bytes < PieceBytes && _rows.Step())
            {
                var trimmedZxid = _rows.Int64(1);
                DemandNotTrimmed(trimmedZxid);
                previousZxid = Math.Max(previousZxid, trimmedZxid);
                var lastZxid = _rows.Int64(0);
                if (lastZxid > _zxid)
                    ReadPage(_rows.Blob(2), lastZxid, segment.LastZxid, ref previousZxid, batches, ref bytes);
                else
                    previousZxid = Math.Max(previousZxid, lastZxid);
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
    }

    private void ReadPage(
        ReadOnlySpan<byte> page, long lastZxid, long syncedZxid, ref long previousZxid, List<LogBatch> batches, ref int bytes)
    {
        while (LogPage.TryTake(ref page, out var logged))
        {
            // It may wait for its sync.
            if (logged.LastZxid > syncedZxid)
                return;

            if (logged.LastZxid > _zxid)
            {
                var batch = new LogBatch(logged.FirstZxid, logged.LastZxid, logged.Payload.ToArray());
                LogChecksum.Verify(_database.Path, batch, logged.Checksum, previousZxid);
                batches.Add(batch);
                bytes += batch.Payload.Length;
                _zxid = batch.LastZxid;
            }

            previousZxid = Math.Max(previousZxid, logged.LastZxid);
        }

        if (!page.IsEmpty || previousZxid != lastZxid)
        {
            throw new LogCorruptedException(
                $"{_database.Path} is damaged: a row should end with zxid 0x{lastZxid:x}, but its batches end with 0x{previousZxid:x}.");
        }
    }

    private void DemandNotTrimmed(long trimmedZxid)
    {
        if (trimmedZxid > _zxid)
            throw new LogTrimmedException(_database.Path, trimmedZxid, _zxid);
    }
}
