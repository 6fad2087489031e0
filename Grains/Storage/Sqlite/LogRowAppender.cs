using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The connection that appends and claims. An append is one statement with the checks of the epoch and of the last zxid inside (rule R3): it
/// writes the row with the last batches again, with one more, or the next row. After an error it is not known whether the batch is in the log: the
/// connection is opened again, and the log's last row says it. Calls are serialized by the owner.
/// </summary>
/// <remarks>
/// A failed sync can leave frames in the write-ahead log that are complete and not acknowledged, and a crash would bring them back.
/// So a failed append is followed by a synced write of something else, which stands in their place. If that fails too,
/// the batch may reappear after a crash: whoever was told that an append failed repeats it, and does not promise that it never happened.
/// A batch that is appended again and is the log's last row already counts as appended.
/// </remarks>
internal sealed class LogRowAppender(string path, LogSegments segments, LogSpace space) : IDisposable
{
    private readonly LogTail _tail = new();
    private SqliteDatabase? _database;
    private SqliteStatement? _write;
    private SqliteStatement? _grow;
    private SqliteStatement? _readTail;
    private SqliteStatement? _readEpoch;
    private SqliteStatement? _claim;

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        var checksum = LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span);
        try
        {
            failure = null;
            if (Write(epoch, previousZxid, batch, checksum))
                return AppendOutcome.Appended;
        }
        catch (SqliteException exception)
        {
            failure = exception;
            Close();
        }

        return Settle(epoch, batch, checksum, ref failure);
    }

    public bool TryClaimEpoch(int expectedEpoch, string holder)
    {
        try
        {
            Open();
            _claim!.Bind(1, expectedEpoch).BindText(2, holder).Execute();
            return _database!.Changes == 1;
        }
        catch (SqliteException)
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private bool Write(int epoch, long previousZxid, in LogBatch batch, long checksum)
    {
        Open();
        return _tail.HasRoomFor(batch)
            ? TryExtend(epoch, previousZxid, batch, checksum)
            : TryFillNext(epoch, previousZxid, batch, checksum);
    }

    private bool TryExtend(int epoch, long previousZxid, in LogBatch batch, long checksum)
    {
        if (!TryWrite(segments.TailSlot, _tail.With(batch, checksum), epoch, previousZxid, batch))
            return false;

        _tail.Extended(batch);
        segments.Extended(batch);
        return true;
    }

    private bool TryFillNext(int epoch, long previousZxid, in LogBatch batch, long checksum)
    {
        var (slot, isLastFree) = segments.Next;
        var page = _tail.Next(batch, checksum);
        var isWritten = isLastFree
            ? TryWriteAndGrow(slot, page, epoch, previousZxid, batch)
            : TryWrite(slot, page, epoch, previousZxid, batch);
        if (!isWritten)
            return false;

        _tail.Filled(batch);
        segments.Filled(batch);
        if (isLastFree)
            segments.Grown();
        return true;
    }

    private bool TryWriteAndGrow(long slot, ReadOnlySpan<byte> page, int epoch, long previousZxid, in LogBatch batch)
    {
        _database!.Execute("BEGIN IMMEDIATE");
        var isWritten = TryWrite(slot, page, epoch, previousZxid, batch);
        if (isWritten)
            _grow!.Bind(1, segments.SlotCount).Execute();
        _database.Execute("COMMIT");
        return isWritten;
    }

    private bool TryWrite(long slot, ReadOnlySpan<byte> page, int epoch, long previousZxid, in LogBatch batch)
    {
        _write!.Bind(1, slot).Bind(2, LogPage.FirstZxid(page)).Bind(3, batch.LastZxid).BindBlob(4, page);
        _write.Bind(5, epoch).Bind(6, segments.TailSlot).Bind(7, previousZxid).Execute();
        _write.ClearBindings();
        return _database!.Changes == 1;
    }

    private AppendOutcome Settle(int epoch, in LogBatch batch, long checksum, ref Exception? failure)
    {
        try
        {
            Open();
            if (failure is not null)
            {
                space.Load();
                ReadTail();
            }

            if (IsTail(batch, checksum))
            {
                // Its own sync may be what failed, and is not to be trusted a second time: the checkpoint writes the pages again.
                WriteSynced();
                _database!.CheckpointFull();
                failure = null;
                return AppendOutcome.Appended;
            }

            if (failure is null || ReadEpoch() != epoch)
            {
                failure = null;
                return AppendOutcome.Fenced;
            }

            WriteSynced();
        }
        catch (SqliteException exception)
        {
            failure ??= exception;
            Close();
        }

        return AppendOutcome.Failed;
    }

    private void ReadTail()
    {
        _tail.Begin(_readTail!.Bind(1, segments.TailSlot).Step() ? _readTail.Blob(0) : []);
        _readTail.Reset();
    }

    private bool IsTail(in LogBatch batch, long checksum)
    {
        var isTail = false;
        var page = _readTail!.Bind(1, segments.TailSlot).Step() ? _readTail.Blob(0) : [];
        while (LogPage.TryTake(ref page, out var logged))
            isTail = logged.FirstZxid == batch.FirstZxid && logged.LastZxid == batch.LastZxid && logged.Checksum == checksum;
        _readTail.Reset();
        return isTail;
    }

    private int ReadEpoch()
    {
        _readEpoch!.Step();
        var epoch = _readEpoch.Int32(0);
        _readEpoch.Reset();
        return epoch;
    }

    private void WriteSynced() => _database!.Execute("UPDATE ledger SET holder = holder WHERE id = 1");

    private void Open()
    {
        if (_database is not null)
            return;

        var database = SqliteDatabase.Open(path);
        try
        {
            // Checkpoints are the background's: on this connection they would stand in the way of appends.
            database.Execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;");
            _write = database.Prepare(
                """
                UPDATE transaction_log
                SET first_zxid = ?2, last_zxid = ?3, batches = ?4
                WHERE slot = ?1
                  AND (SELECT epoch FROM ledger WHERE id = 1) = ?5
                  AND coalesce(
                    (SELECT last_zxid FROM transaction_log WHERE slot = ?6),
                    (SELECT trimmed_zxid FROM ledger WHERE id = 1)) = ?7
                """);
            _grow = database.Prepare(LogSpace.Grow);
            _readTail = database.Prepare("SELECT batches FROM transaction_log WHERE slot = ?1");
            _readEpoch = database.Prepare("SELECT epoch FROM ledger WHERE id = 1");
            _claim = database.Prepare("UPDATE ledger SET epoch = epoch + 1, holder = ?2 WHERE id = 1 AND epoch = ?1");
            ReadTail();
            _database = database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }
}
