using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>A connection that reads the tables. It holds nothing between two calls, and is used by one thread at a time.</summary>
internal sealed class ZNodeStoreReader : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _marks;
    private readonly SqliteStatement _znode;
    private readonly SqliteStatement _childNames;
    private readonly SqliteStatement _below;
    private readonly SqliteStatement _sessions;
    private readonly SqliteStatement _ephemerals;
    private readonly SqliteStatement _containers;

    public ZNodeStoreReader(string path)
    {
        _database = SqliteDatabase.Open(path);
        _database.Execute("PRAGMA query_only=1; PRAGMA cache_size=-8192;");
        _marks = _database.Prepare(
            """
            SELECT
              (SELECT value FROM ledger WHERE name = 'mark'),
              (SELECT value FROM ledger WHERE name = 'target'),
              (SELECT value FROM ledger WHERE name = 'znode_count')
            """);
        _znode = _database.Prepare(
            """
            SELECT
              czxid, mzxid, pzxid, zxid, ctime, mtime, version, created_children, aversion, num_children, kind, owner_or_ttl, acl, data,
              ledger.value
            FROM ledger
            LEFT JOIN znode ON znode.parent = ?1 AND znode.name = ?2
            WHERE ledger.name = 'target'
            """);
        _childNames = _database.Prepare(
            """
            SELECT ledger.value, znode.name
            FROM ledger
            LEFT JOIN znode ON znode.parent = ?1
            WHERE ledger.name = 'target'
            """);
        // Two ranges, so that neither has to be remembered lest a row comes twice; no path has the character that ends the first.
        _below = _database.Prepare(
            """
            SELECT ledger.value, znode.parent, znode.name
            FROM ledger
            CROSS JOIN (SELECT ?1 AS first, ?1 || char(1) AS end UNION ALL SELECT ?2, ?3) AS parents
            LEFT JOIN znode ON znode.parent >= parents.first AND znode.parent < parents.end
            WHERE ledger.name = 'target'
            """);
        _sessions = _database.Prepare("SELECT id, password_hash, timeout_milliseconds, owner FROM session");
        _ephemerals = _database.Prepare("SELECT parent, name, owner_or_ttl, acl FROM znode WHERE kind = 1");
        _containers = _database.Prepare("SELECT parent, name FROM znode WHERE kind IN (2, 3)");
    }

    public StoreMarks ReadMarks()
    {
        _marks.Step();
        var marks = new StoreMarks(_marks.Int64(0), _marks.Int64(1), _marks.Int64(2));
        _marks.Reset();
        return marks;
    }

    public StoredZNode ReadZNode(string path)
    {
        if (!_znode.BindText(1, ZNodeKey.ParentOf(path)).BindText(2, ZNodeKey.NameOf(path)).Step())
            throw WithoutMarks();

        try
        {
            return new StoredZNode(_znode.IsNull(0) ? null : ReadZNode(), _znode.Int64(14));
        }
        finally
        {
            _znode.Reset();
        }
    }

    public StoredChildNames ReadChildNames(string path)
    {
        var names = new List<string>();
        var target = VisitChildNames(path, names.Add, CancellationToken.None);
        return new StoredChildNames(names, target);
    }

    // The root's own row has an empty parent; nobody's child list has it.
    public long VisitChildNames(string path, Action<string> visit, CancellationToken cancellationToken) =>
        Visit(_childNames.BindText(1, path), row => visit(row.Text(1)), cancellationToken);

    public long VisitBelow(string path, Action<string> visit, CancellationToken cancellationToken)
    {
        var (first, end) = ZNodeKey.ParentsBelow(path);
        _below.BindText(1, path).BindText(2, first).BindText(3, end);
        return Visit(_below, row => visit(ZNodeKey.PathOf(row.Text(1), row.Text(2))), cancellationToken);
    }

    public IReadOnlyList<SessionRow> ReadSessions()
    {
        var rows = new List<SessionRow>();
        while (_sessions.Step())
            rows.Add(new SessionRow(_sessions.Int64(0), _sessions.Blob(1).ToArray(), _sessions.Int32(2), ReadOwner()));
        return rows;
    }

    public IReadOnlyList<StoredEphemeral> ReadEphemerals()
    {
        var rows = new List<StoredEphemeral>();
        while (_ephemerals.Step())
        {
            rows.Add(new StoredEphemeral(
                ZNodeKey.PathOf(_ephemerals.Text(0), _ephemerals.Text(1)), _ephemerals.Int64(2), ReadAcl(_ephemerals, 3)));
        }

        return rows;
    }

    public IReadOnlyList<string> ReadContainers()
    {
        var paths = new List<string>();
        while (_containers.Step())
            paths.Add(ZNodeKey.PathOf(_containers.Text(0), _containers.Text(1)));
        return paths;
    }

    public void Dispose() => _database.Dispose();

    /// <summary>Visits rows that have the target first, and returns that. There is one with nothing behind it where there would be none.</summary>
    private long Visit(SqliteStatement rows, Action<SqliteStatement> visit, CancellationToken cancellationToken)
    {
        try
        {
            long? target = null;
            while (rows.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                target ??= rows.Int64(0);
                if (!rows.IsNull(1))
                    visit(rows);
            }

            return target ?? throw WithoutMarks();
        }
        finally
        {
            rows.Reset();
        }
    }

    private static AccessControlList ReadAcl(SqliteStatement row, int column) =>
        row.IsNull(column) ? AccessControlList.OpenUnsafe : AccessControlListColumn.Decode(row.Blob(column));

    private string? ReadOwner() => _sessions.IsNull(3) ? null : _sessions.Text(3);

    private ZNode ReadZNode() => new()
    {
        Czxid = _znode.Int64(0),
        Mzxid = _znode.Int64(1),
        Pzxid = _znode.Int64(2),
        Zxid = _znode.Int64(3),
        Ctime = _znode.Int64(4),
        Mtime = _znode.Int64(5),
        Version = _znode.Int32(6),
        CreatedChildren = _znode.Int32(7),
        Aversion = _znode.Int32(8),
        NumChildren = _znode.Int32(9),
        Kind = (ZNodeKind)_znode.Int32(10),
        OwnerOrTtl = _znode.Int64(11),
        Acl = ReadAcl(_znode, 12),
        Data = _znode.IsNull(13) ? null : _znode.Blob(13).ToArray(),
    };

    private InvalidDataException WithoutMarks() => new($"The znode tables in {_database.Path} are damaged: there are no marks.");
}
