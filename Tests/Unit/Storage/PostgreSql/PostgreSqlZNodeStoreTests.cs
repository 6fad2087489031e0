using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.PostgreSql;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

public sealed class PostgreSqlZNodeStoreTests : ZNodeStoreTests, IDisposable
{
    private readonly TestSchema _schema = TestSchema.Shared();
    private PostgreSqlDatabase _database;
    private PostgreSqlZNodeStore _store;

    public PostgreSqlZNodeStoreTests()
    {
        _database = _schema.Open();
        _store = new PostgreSqlZNodeStore(_database);
    }

    private protected override IZNodeStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
    }

    [Fact]
    public async Task PathsOfAnyLengthAreKept()
    {
        var name = string.Concat(Enumerable.Range(0, 30_000).Select(i => (char)('가' + (i * 7 % 11_000))));
        var (parent, child, grandchild) = ("/" + name, $"/{name}/{name}x", $"/{name}/{name}x/c");
        await Store.WriteZNodesAsync(
            1,
            [
                new(parent, Node(1, [1])),
                new(child, ZNode.Create(1, 1, ZNodeKind.Ephemeral, 42, AccessControlList.OpenUnsafe, [2])),
                new(grandchild, ZNode.Create(1, 1, ZNodeKind.Container, 0, AccessControlList.OpenUnsafe, [3])),
                new($"/{name}/short", Node(1, [4])),
            ]);

        Assert.Equal((byte[])[2], (await ReadAsync(child)).Data);
        Assert.Equal([$"{name}x", "short"], (await ReadChildNamesAsync(parent)).OrderByDescending(found => found.Length));
        Assert.Equal(["c"], await ReadChildNamesAsync(child));
        Assert.Equal([new(child, 42, AccessControlList.OpenUnsafe)], await Store.ReadEphemeralsAsync());
        Assert.Equal([grandchild], await Store.ReadContainersAsync());
        await Store.WriteZNodesAsync(1, [new(grandchild, null), new(child, null)]);
        Assert.Equal(["short"], await ReadChildNamesAsync(parent));
    }

    [Fact]
    public async Task RowsOfOnePathTakeEffectInTheirOrder()
    {
        var node = Node(1, [1]);
        await Store.WriteZNodesAsync(
            1, [new("/a", node), new("/b", Node(1, [9])), new("/a", node.WithoutData().WithChildCreated(2)), new("/b", null)]);

        Assert.Equal((byte[])[1], (await ReadAsync("/a")).Data);
        Assert.Equal(2, (await ReadAsync("/a")).Zxid);
        Assert.Null((await Store.ReadZNodeAsync("/b")).Node);
    }

    [Fact]
    public async Task TextThatUtf8CannotHoldDoesNotEndTheWrite()
    {
        var list = AccessControlList.Of([new(Permissions.All, new Id("digest", "a\0b\ud800"))]);
        await Store.WriteZNodesAsync(1, [new("/a", ZNode.Create(1, 1, ZNodeKind.Persistent, 0, list, []))]);

        Assert.Equal("a\0b\ufffd", (await ReadAsync("/a")).Acl.Entries[0].Id.Identity);
    }

    [Fact]
    public async Task R3_StatementOfAnOlderEpochThatRunsIsWaitedForAndTheNextIsRefused()
    {
        await Store.BeginCheckpointAsync(1, 10);
        await Store.WriteZNodesAsync(1, [new("/a", Node(1, [1]))]);
        await using var blocking = await _schema.ConnectAsync();
        await TestSchema.ExecuteAsync(blocking, "BEGIN; SELECT 1 FROM znode WHERE name = 'a' FOR UPDATE");
        var older = Store.WriteZNodesAsync(1, [new("/a", Node(10, [10]))]).AsTask();
        await _schema.EventuallyAsync(Waits("INSERT INTO znode"));

        using var otherDatabase = _schema.Open();
        using var other = new PostgreSqlZNodeStore(otherDatabase);
        var newer = other.BeginCheckpointAsync(2, 20).AsTask();
        await _schema.EventuallyAsync(Waits("UPDATE checkpoint"));
        await TestSchema.ExecuteAsync(blocking, "COMMIT");

        await older;
        await newer;
        await AssertFencedAsync(() => Store.WriteZNodesAsync(1, [new("/a", Node(10, [11]))]));
        await other.WriteZNodesAsync(2, [new("/a", null)]);
        Assert.Null((await Store.ReadZNodeAsync("/a")).Node);
    }

    [Fact]
    public async Task NothingOfAnEarlierAttemptTakesEffectOnceAnotherHasBegun()
    {
        using var otherDatabase = _schema.Open();
        using var other = new PostgreSqlZNodeStore(otherDatabase);
        await other.BeginCheckpointAsync(1, 10);
        await Store.BeginCheckpointAsync(1, 12);
        await Store.WriteZNodesAsync(1, [new("/a", Node(12, [12]))]);

        // What the other one sends is what a statement is that was given up and arrives late.
        await Assert.ThrowsAsync<EpochFencedException>(() => other.WriteZNodesAsync(1, [new("/a", Node(10, [10]))]).AsTask());

        await Store.CompleteCheckpointAsync(1, 12, 5);
        Assert.Equal((byte[])[12], (await ReadAsync("/a")).Data);
    }

    [Fact]
    public async Task CheckpointThatLostAStatementHasToBeginAnew()
    {
        await Store.BeginCheckpointAsync(1, 10);
        await _schema.ExecuteAsync("ALTER TABLE session RENAME TO lost");
        await Assert.ThrowsAnyAsync<Exception>(() => Store.WriteSessionsAsync(1, [new(1, [1], 1)]).AsTask());
        await _schema.ExecuteAsync("ALTER TABLE lost RENAME TO session");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CompleteCheckpointAsync(1, 10, 4).AsTask());
        await Store.BeginCheckpointAsync(1, 10);
        await Store.WriteSessionsAsync(1, [new(1, [1], 1)]);
        await Store.CompleteCheckpointAsync(1, 10, 4);
        Assert.Equal(new StoreMarks(10, 10, 4), await Store.ReadMarksAsync());
    }

    private protected override ValueTask ReopenAsync()
    {
        Dispose();
        _database = _schema.Open();
        _store = new PostgreSqlZNodeStore(_database);
        return ValueTask.CompletedTask;
    }

    // Other tests share the server.
    private string Waits(string statement) =>
        $"""
        SELECT count(*) > 0
        FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND query LIKE '%{statement}%' AND pid <> pg_backend_pid()
          AND pid IN (SELECT pid FROM pg_locks WHERE relation = '{_schema.Name}.checkpoint'::regclass)
        """;
}
