using Npgsql;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// The znode and session tables of a cluster. One silo writes them, the sequencer's (<see cref="ZNodeStoreWriter"/>); all read them.
/// </summary>
internal sealed class PostgreSqlZNodeStore(PostgreSqlDatabase database) : IZNodeStore, IDisposable
{
    private readonly SemaphoreSlim _writerGate = new(1);
    private readonly ZNodeStoreWriter _writer = new(database);

    public async ValueTask<StoreMarks> ReadMarksAsync(CancellationToken cancellationToken = default)
    {
        var marks = await database.ReadAsync(
            "SELECT mark, target, znode_count FROM checkpoint WHERE id = 1",
            [],
            reader => new StoreMarks(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)),
            cancellationToken).ConfigureAwait(false);
        return marks is [var only] ? only : throw WithoutMarks();
    }

    public ValueTask BeginCheckpointAsync(int epoch, long target, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.BeginCheckpointAsync(epoch, target, cancellationToken), cancellationToken);

    public ValueTask WriteZNodesAsync(int epoch, IReadOnlyList<ZNodeRow> rows, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.WriteZNodesAsync(epoch, rows, cancellationToken), cancellationToken);

    public ValueTask WriteSessionsAsync(int epoch, IReadOnlyList<SessionRow> rows, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.WriteSessionsAsync(epoch, rows, cancellationToken), cancellationToken);

    public ValueTask CompleteCheckpointAsync(int epoch, long target, long znodeCount, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.CompleteCheckpointAsync(epoch, target, znodeCount, cancellationToken), cancellationToken);

    public async ValueTask<StoredZNode> ReadZNodeAsync(string path, CancellationToken cancellationToken = default)
    {
        var nodes = await database.ReadAsync(
            """
            SELECT
              czxid, mzxid, pzxid, zxid, ctime, mtime, owner_or_ttl, version, created_children, aversion, num_children, kind, acl, data, target
            FROM checkpoint
            LEFT JOIN znode ON parent = $1 AND name = $2
            WHERE id = 1
            """,
            [KeyText.Of(ZNodeKey.ParentOf(path)), KeyText.Of(ZNodeKey.NameOf(path))],
            reader => new StoredZNode(reader.IsDBNull(0) ? null : ReadZNode(reader), reader.GetInt64(14)),
            cancellationToken).ConfigureAwait(false);
        return nodes is [var only] ? only : throw WithoutMarks();
    }

    // The root's own row has an empty parent; nobody's child list has it.
    public async ValueTask<StoredChildNames> ReadChildNamesAsync(string path, CancellationToken cancellationToken = default)
    {
        var names = await database.ReadAsync(
            """
            SELECT ARRAY(SELECT coalesce(long_name, name) FROM znode WHERE parent = $1 ORDER BY parent, name), target
            FROM checkpoint
            WHERE id = 1
            """,
            [KeyText.Of(path)],
            reader => new StoredChildNames(reader.GetFieldValue<string[]>(0), reader.GetInt64(1)),
            cancellationToken).ConfigureAwait(false);
        return names is [var only] ? only : throw WithoutMarks();
    }

    public ValueTask<long> VisitChildNamesAsync(string path, Action<string> visit, CancellationToken cancellationToken = default) =>
        VisitAsync(
            "SELECT target, coalesce(long_name, name) FROM checkpoint LEFT JOIN znode ON parent = $1 WHERE id = 1",
            [KeyText.Of(path)],
            reader => visit(reader.GetString(1)),
            cancellationToken);

    // The keys of long parents do not lie among the others, and are all looked through.
    public ValueTask<long> VisitBelowAsync(string path, Action<string> visit, CancellationToken cancellationToken = default)
    {
        var (first, end) = ZNodeKey.ParentsBelow(path);
        return VisitAsync(
            """
            SELECT target, coalesce(long_parent, parent), coalesce(long_name, name)
            FROM checkpoint
            LEFT JOIN znode ON parent = $1
              OR (parent >= $2 AND parent < $3)
              OR (parent >= $4 AND parent < $5 AND starts_with(long_parent, $2))
            WHERE id = 1
            """,
            [KeyText.Of(path), first, end, KeyText.FirstOfLong, KeyText.BeyondLong],
            reader => visit(ZNodeKey.PathOf(reader.GetString(1), reader.GetString(2))),
            cancellationToken);
    }

    public async ValueTask<IReadOnlyList<SessionRow>> ReadSessionsAsync(CancellationToken cancellationToken = default) =>
        await database.ReadAsync(
            "SELECT id, password_hash, timeout_milliseconds, owner FROM session",
            [],
            reader => new SessionRow(
                reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3)),
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<StoredEphemeral>> ReadEphemeralsAsync(
        CancellationToken cancellationToken = default) =>
        await database.ReadAsync(
            "SELECT coalesce(long_parent, parent), coalesce(long_name, name), owner_or_ttl, acl FROM znode WHERE kind = 1",
            [],
            reader => new StoredEphemeral(ZNodeKey.PathOf(reader.GetString(0), reader.GetString(1)), reader.GetInt64(2), ReadAcl(reader, 3)),
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<string>> ReadContainersAsync(CancellationToken cancellationToken = default) =>
        await database.ReadAsync(
            "SELECT coalesce(long_parent, parent), coalesce(long_name, name) FROM znode WHERE kind IN (2, 3)",
            [],
            reader => ZNodeKey.PathOf(reader.GetString(0), reader.GetString(1)),
            cancellationToken).ConfigureAwait(false);

    public void Dispose() => _writerGate.Dispose();

    /// <summary>Visits rows that have the target first, and returns that. There is one with nothing behind it where there would be none.</summary>
    private async ValueTask<long> VisitAsync(string sql, object[] parameters, Action<NpgsqlDataReader> visit, CancellationToken cancellationToken)
    {
        long? target = null;
        await database.VisitAsync(
            sql,
            parameters,
            reader =>
            {
                target ??= reader.GetInt64(0);
                if (!reader.IsDBNull(1))
                    visit(reader);
            },
            cancellationToken).ConfigureAwait(false);
        return target ?? throw WithoutMarks();
    }

    private static ZNode ReadZNode(NpgsqlDataReader reader) => new()
    {
        Czxid = reader.GetInt64(0),
        Mzxid = reader.GetInt64(1),
        Pzxid = reader.GetInt64(2),
        Zxid = reader.GetInt64(3),
        Ctime = reader.GetInt64(4),
        Mtime = reader.GetInt64(5),
        OwnerOrTtl = reader.GetInt64(6),
        Version = reader.GetInt32(7),
        CreatedChildren = reader.GetInt32(8),
        Aversion = reader.GetInt32(9),
        NumChildren = reader.GetInt32(10),
        Kind = (ZNodeKind)reader.GetInt16(11),
        Acl = ReadAcl(reader, 12),
        Data = reader.IsDBNull(13) ? null : reader.GetFieldValue<byte[]>(13),
    };

    private static AccessControlList ReadAcl(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? AccessControlList.OpenUnsafe : AccessControlListColumn.Decode(reader.GetFieldValue<byte[]>(column));

    private InvalidDataException WithoutMarks() => new($"The znode tables in {database.Name} are damaged: there are no marks.");

    private async ValueTask WriteAsync(Func<ZNodeStoreWriter, Task> write, CancellationToken cancellationToken)
    {
        await _writerGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await write(_writer).ConfigureAwait(false);
        }
        finally
        {
            _writerGate.Release();
        }
    }
}
