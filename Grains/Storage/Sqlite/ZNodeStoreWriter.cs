using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The connection that writes the tables. Every transaction begins with the check of the epoch. Rows are committed without a sync, which
/// keeps their order; the mark is committed with one, which makes everything before it durable too. Calls are serialized by the owner.
/// </summary>
internal sealed class ZNodeStoreWriter : IDisposable
{
    private const int MostRows = 4096;
    private const long MostBytes = 4 << 20;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _readLedger;
    private readonly SqliteStatement _writeLedger;
    private readonly SqliteStatement _upsert;
    private readonly SqliteStatement _updateWithoutData;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _upsertSession;
    private readonly SqliteStatement _deleteSession;

    /// <summary>The latest epoch that has written here.</summary>
    private int _epoch;

    /// <summary>The target of the checkpoint whose rows are being written; null when a failed sync may have lost some of them.</summary>
    private long? _target;

    public ZNodeStoreWriter(string path)
    {
        _database = SqliteDatabase.Open(path);

        // 16 MB between two checkpoints of the write-ahead log; it is cut back to 64 MB should readers have made it grow.
        _database.Execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=2048; PRAGMA journal_size_limit=67108864;");
        _database.Execute("PRAGMA cache_size=-16384");
        _begin = _database.Prepare("BEGIN IMMEDIATE");
        _commit = _database.Prepare("COMMIT");
        _readLedger = _database.Prepare("SELECT value FROM ledger WHERE name = ?1");
        _writeLedger = _database.Prepare("UPDATE ledger SET value = ?2 WHERE name = ?1");
        _upsert = _database.Prepare(
            """
            INSERT INTO znode
              (parent, name, czxid, mzxid, pzxid, zxid, ctime, mtime, version, created_children, aversion,
               num_children, kind, owner_or_ttl, acl, data)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
            ON CONFLICT DO UPDATE SET
              czxid = ?3, mzxid = ?4, pzxid = ?5, zxid = ?6, ctime = ?7, mtime = ?8, version = ?9, created_children = ?10, aversion = ?11,
              num_children = ?12, kind = ?13, owner_or_ttl = ?14, acl = ?15, data = ?16
            """);
        _updateWithoutData = _database.Prepare(
            """
            UPDATE znode SET
              czxid = ?3, mzxid = ?4, pzxid = ?5, zxid = ?6, ctime = ?7, mtime = ?8, version = ?9, created_children = ?10, aversion = ?11,
              num_children = ?12, kind = ?13, owner_or_ttl = ?14, acl = ?15
            WHERE parent = ?1 AND name = ?2
            """);
        _delete = _database.Prepare("DELETE FROM znode WHERE parent = ?1 AND name = ?2");
        _upsertSession = _database.Prepare(
            """
            INSERT INTO session (id, password_hash, timeout_milliseconds, owner) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET password_hash = ?2, timeout_milliseconds = ?3, owner = ?4
            """);
        _deleteSession = _database.Prepare("DELETE FROM session WHERE id = ?1");
    }

    public void BeginCheckpoint(int epoch, long target)
    {
        InTransaction(epoch, () => WriteLedger("target", target));
        _target = target;
    }

    public void WriteZNodes(int epoch, IReadOnlyList<ZNodeRow> rows, CancellationToken cancellationToken)
    {
        for (var next = 0; next < rows.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = next;
            InTransaction(epoch, () => next = WriteZNodes(rows, start));
        }

        _upsert.ClearBindings();
    }

    public void WriteSessions(int epoch, IReadOnlyList<SessionRow> rows, CancellationToken cancellationToken)
    {
        for (var start = 0; start < rows.Count; start += MostRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(start + MostRows, rows.Count);
            InTransaction(epoch, () =>
            {
                for (var i = start; i < end; i++)
                    WriteSession(rows[i]);
            });
        }
    }

    public void CompleteCheckpoint(int epoch, long target, long znodeCount)
    {
        // What a later epoch has begun is not touched.
        if (epoch < _epoch)
            throw new EpochFencedException(epoch);
        if (epoch != _epoch || _target != target)
            throw new InvalidOperationException($"No checkpoint up to zxid 0x{target:x} has begun.");

        // When this sync fails, rows that were committed before may be lost although they can still be read: all have to be written again.
        _target = null;
        _database.Execute("PRAGMA synchronous=FULL");
        try
        {
            InTransaction(epoch, () =>
            {
                WriteLedger("mark", target);
                WriteLedger("znode_count", znodeCount);
            });
        }
        finally
        {
            _database.Execute("PRAGMA synchronous=NORMAL");
        }
    }

    public void Dispose() => _database.Dispose();

    private void InTransaction(int epoch, Action write)
    {
        try
        {
            _begin.Execute();
            CheckEpoch(epoch);
            write();
            _commit.Execute();
        }
        catch
        {
            _database.RollbackIfOpen();
            throw;
        }
    }

    private void CheckEpoch(int epoch)
    {
        _readLedger.BindText(1, "epoch").Step();
        var latest = _readLedger.Int64(0);
        _readLedger.Reset();
        if (latest > epoch)
            throw new EpochFencedException(epoch);
        if (latest < epoch)
            WriteLedger("epoch", epoch);
        _epoch = epoch;
    }

    private void WriteLedger(string name, long value) => _writeLedger.BindText(1, name).Bind(2, value).Execute();

    private int WriteZNodes(IReadOnlyList<ZNodeRow> rows, int start)
    {
        var bytes = 0L;
        var next = start;
        while (next < rows.Count && next - start < MostRows && bytes < MostBytes)
        {
            var row = rows[next++];
            bytes += row.Node?.DataLength ?? 0;
            WriteZNode(row);
        }

        return next;
    }

    private void WriteZNode(in ZNodeRow row)
    {
        if (row.Node is not { } node)
        {
            _delete.BindText(1, row.Parent).BindText(2, row.Name).Execute();
        }
        else if (node.IsDataResident)
        {
            Bind(_upsert, row, node);
            if (node.Data is { } data)
                _upsert.BindBlob(16, data);
            else
                _upsert.BindNull(16);
            _upsert.Execute();
        }
        else
        {
            Bind(_updateWithoutData, row, node);
            _updateWithoutData.Execute();
            if (_database.Changes != 1)
                throw new InvalidOperationException($"{row.Path} was to be written without its data, which the store does not have.");
        }
    }

    private static void Bind(SqliteStatement statement, in ZNodeRow row, ZNode node)
    {
        statement
            .BindText(1, row.Parent).BindText(2, row.Name)
            .Bind(3, node.Czxid).Bind(4, node.Mzxid).Bind(5, node.Pzxid).Bind(6, node.Zxid).Bind(7, node.Ctime).Bind(8, node.Mtime)
            .Bind(9, node.Version).Bind(10, node.CreatedChildren).Bind(11, node.Aversion).Bind(12, node.NumChildren)
            .Bind(13, (long)node.Kind).Bind(14, node.OwnerOrTtl);
        if (AccessControlListColumn.Encode(node.Acl) is { } acl)
            statement.BindBlob(15, acl);
        else
            statement.BindNull(15);
    }

    private void WriteSession(in SessionRow row)
    {
        if (row.PasswordHash is not { } passwordHash)
        {
            _deleteSession.Bind(1, row.SessionId).Execute();
            return;
        }

        _upsertSession.Bind(1, row.SessionId).BindBlob(2, passwordHash).Bind(3, row.TimeoutMilliseconds);
        if (row.Owner is { } owner)
            _upsertSession.BindText(4, owner);
        else
            _upsertSession.BindNull(4);
        _upsertSession.Execute();
    }
}
