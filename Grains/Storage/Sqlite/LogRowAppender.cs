using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The connection that appends and claims. An append is one statement with the checks of the epoch and of the last zxid inside (rule R3): it
/// writes the row with the last batches again, with one more, or the next row. SQLite commits without a sync, which follows
/// (<see cref="DataSync"/>); until then <see cref="LogSegments"/> does not know the batch, so nobody reads it. Calls are serialized by the owner.
/// </summary>
/// <remarks>
/// After an error it is not known what is in the write-ahead log, nor what of it is on the disk; a sync that is tried again would not tell.
/// So the connection is opened again, all that SQLite has is copied into the database, and a synced write begins the write-ahead
/// log anew, in the place of whatever a crash would bring back of it. Then the log's last row says whether the batch is there. Where that fails,
/// too, it is done before the next append or claim, and a batch or an epoch that was committed and not synced stays in doubt until then.
/// A batch that is appended again and is the log's last one already counts as appended.
/// </remarks>
internal sealed class LogRowAppender(string path, LogSegments segments, LogSpace space, Func<string, IDataSync> openSync) : IDisposable
{
    private readonly LogTail _tail = new();
    private readonly string _walPath = path + "-wal";
    private SqliteDatabase? _database;
    private IDataSync? _wal;
    private SqliteStatement? _write;
    private SqliteStatement? _grow;
    private SqliteStatement? _readTail;
    private SqliteStatement? _readEpoch;
    private SqliteStatement? _claim;

    /// <summary>Whether there was an error that nothing was done about yet.</summary>
    private bool _isBroken;

    /// <summary>The batch that was committed and perhaps not synced.</summary>
    private IdentifiedBatch? _inDoubt;

    /// <summary>The claim that was committed and perhaps not synced.</summary>
    private (int ExpectedEpoch, string Holder)? _claimInDoubt;

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        var identity = IdentifiedBatch.Of(batch);
        try
        {
            failure = null;
            if (Write(epoch, previousZxid, batch, identity))
                return AppendOutcome.Appended;
        }
        catch (SqliteException exception)
        {
            failure = exception;
            Break();
        }

        return Settle(epoch, identity, ref failure);
    }

    public bool TryClaimEpoch(int expectedEpoch, string holder)
    {
        try
        {
            Open();
            _claim!.Bind(1, expectedEpoch).BindText(2, holder).Execute();
            if (_database!.Changes == 1)
            {
                _claimInDoubt = (expectedEpoch, holder);
                _wal!.Sync();
            }
            else if (_claimInDoubt != (expectedEpoch, holder) || ReadEpoch() != expectedEpoch + 1)
            {
                return false;
            }

            _claimInDoubt = null;
            return true;
        }
        catch (SqliteException)
        {
            Break();
            throw;
        }
    }

    public void Dispose() => Close();

    private bool Write(int epoch, long previousZxid, in LogBatch batch, in IdentifiedBatch identity)
    {
        Open();
        return _tail.HasRoomFor(batch)
            ? TryExtend(epoch, previousZxid, batch, identity)
            : TryFillNext(epoch, previousZxid, batch, identity);
    }

    private bool TryExtend(int epoch, long previousZxid, in LogBatch batch, in IdentifiedBatch identity)
    {
        if (!TryWrite(segments.TailSlot, _tail.With(batch, identity.Checksum), epoch, previousZxid, batch))
            return false;

        Sync(identity);
        _tail.Extended(batch);
        segments.Extended(batch);
        return true;
    }

    private bool TryFillNext(int epoch, long previousZxid, in LogBatch batch, in IdentifiedBatch identity)
    {
        var (slot, isLastFree) = segments.Next;
        var page = _tail.Next(batch, identity.Checksum);
        var isWritten = isLastFree
            ? TryWriteAndGrow(slot, page, epoch, previousZxid, batch)
            : TryWrite(slot, page, epoch, previousZxid, batch);
        if (!isWritten)
            return false;

        Sync(identity);
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

    private void Sync(in IdentifiedBatch batch)
    {
        _inDoubt = batch;
        _wal!.Sync();
        _inDoubt = null;
    }

    private AppendOutcome Settle(int epoch, in IdentifiedBatch batch, ref Exception? failure)
    {
        try
        {
            Open();
            var outcome = OutcomeOf(epoch, batch, isFailed: failure is not null);
            if (outcome != AppendOutcome.Failed)
                failure = null;
            if (outcome != AppendOutcome.Behind)
                _inDoubt = null;
            return outcome;
        }
        catch (SqliteException exception)
        {
            failure ??= exception;
            Break();
            return _inDoubt == batch ? AppendOutcome.InDoubt : AppendOutcome.Failed;
        }
    }

    private AppendOutcome OutcomeOf(int epoch, in IdentifiedBatch batch, bool isFailed)
    {
        if (IsTail(batch))
            return AppendOutcome.Appended;
        if (ReadEpoch() != epoch)
            return AppendOutcome.Fenced;
        if (isFailed)
            return AppendOutcome.Failed;

        return _inDoubt is { } doubt && IsTail(doubt) ? AppendOutcome.Behind : AppendOutcome.Fenced;
    }

    private void ReadTail()
    {
        _tail.Begin(_readTail!.Bind(1, segments.TailSlot).Step() ? _readTail.Blob(0) : []);
        _readTail.Reset();
    }

    private bool IsTail(in IdentifiedBatch batch)
    {
        var isTail = false;
        var page = _readTail!.Bind(1, segments.TailSlot).Step() ? _readTail.Blob(0) : [];
        while (LogPage.TryTake(ref page, out var logged))
            isTail = batch == new IdentifiedBatch(logged.FirstZxid, logged.LastZxid, logged.Checksum);
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

    private void Open()
    {
        if (_database is not null)
            return;

        var database = SqliteDatabase.Open(path);
        try
        {
            // Checkpoints are the background's: on this connection they would stand in the way of appends.
            database.Execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;");
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
            _wal = openSync(_walPath);
            if (_isBroken)
                Mend(database);
            ReadTail();
            _database = database;
            _isBroken = false;
        }
        catch
        {
            _wal?.Dispose();
            database.Dispose();
            throw;
        }
    }

    private void Mend(SqliteDatabase database)
    {
        database.CheckpointRestart();
        database.Execute("UPDATE ledger SET holder = holder WHERE id = 1");
        _wal!.Sync();
        space.Load();
    }

    private void Break()
    {
        _isBroken = true;
        Close();
    }

    private void Close()
    {
        _wal?.Dispose();
        _database?.Dispose();
        _database = null;
    }
}
