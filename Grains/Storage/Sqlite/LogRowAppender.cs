using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The connection that appends and claims. An append is one statement that commits by itself, with the checks of the epoch and of the
/// last zxid inside (rule R3). After an error it is not known whether the batch is in the log: the connection is opened again, and the
/// log's last row says it. Calls are serialized by the owner.
/// </summary>
/// <remarks>
/// A failed sync can leave frames in the write-ahead log that are complete and not acknowledged, and a crash would bring them back.
/// So a failed append is followed by a synced write of something else, which stands in their place. If that fails too,
/// the batch may reappear after a crash: whoever was told that an append failed repeats it, and does not promise that it never happened.
/// A batch that is appended again and is the log's last row already counts as appended.
/// </remarks>
internal sealed class LogRowAppender(string path) : IDisposable
{
    private SqliteDatabase? _database;
    private SqliteStatement? _insert;
    private SqliteStatement? _readTail;
    private SqliteStatement? _claim;

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        var checksum = LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span);
        try
        {
            failure = null;
            if (Insert(epoch, previousZxid, batch, checksum))
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

    private bool Insert(int epoch, long previousZxid, in LogBatch batch, long checksum)
    {
        Open();
        _insert!.Bind(1, batch.FirstZxid).Bind(2, batch.LastZxid).Bind(3, checksum).BindBlob(4, batch.Payload.Span);
        _insert.Bind(5, epoch).Bind(6, previousZxid).Execute();
        _insert.ClearBindings();
        return _database!.Changes == 1;
    }

    private AppendOutcome Settle(int epoch, in LogBatch batch, long checksum, ref Exception? failure)
    {
        try
        {
            Open();
            if (IsTail(batch, checksum, out var ledgerEpoch))
            {
                // Its own sync may be what failed, and is not to be trusted a second time: the checkpoint writes the pages again.
                WriteSynced();
                _database!.CheckpointFull();
                failure = null;
                return AppendOutcome.Appended;
            }

            if (failure is null || ledgerEpoch != epoch)
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

    private bool IsTail(in LogBatch batch, long checksum, out int ledgerEpoch)
    {
        _readTail!.Step();
        ledgerEpoch = _readTail.Int32(0);
        var isTail = !_readTail.IsNull(1)
            && _readTail.Int64(1) == batch.FirstZxid && _readTail.Int64(2) == batch.LastZxid && _readTail.Int64(3) == checksum;
        _readTail.Reset();
        return isTail;
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
            _insert = database.Prepare(
                """
                INSERT INTO transaction_log (first_zxid, last_zxid, checksum, payload)
                SELECT ?1, ?2, ?3, ?4
                WHERE (SELECT epoch FROM ledger WHERE id = 1) = ?5
                  AND coalesce(
                    (SELECT last_zxid FROM transaction_log ORDER BY first_zxid DESC LIMIT 1),
                    (SELECT trimmed_zxid FROM ledger WHERE id = 1)) = ?6
                """);
            _readTail = database.Prepare(
                """
                SELECT ledger.epoch, tail.first_zxid, tail.last_zxid, tail.checksum
                FROM ledger LEFT JOIN
                  (SELECT first_zxid, last_zxid, checksum FROM transaction_log ORDER BY first_zxid DESC LIMIT 1) AS tail
                WHERE ledger.id = 1
                """);
            _claim = database.Prepare("UPDATE ledger SET epoch = epoch + 1, holder = ?2 WHERE id = 1 AND epoch = ?1");
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
