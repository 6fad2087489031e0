using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;

namespace OrleansKeeper.Tests.Unit.Storage;

public sealed class SqliteZNodeStoreTests : ZNodeStoreTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private DataDirectory _directory;
    private SqliteZNodeStore _store;

    public SqliteZNodeStoreTests()
    {
        _directory = new DataDirectory(_folder.Path);
        _store = new SqliteZNodeStore(_directory);
    }

    private protected override IZNodeStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void DamagedFileIsReported()
    {
        _store.Dispose();
        File.WriteAllBytes(_folder["store.db"], Enumerable.Repeat((byte)0x55, 20_000).ToArray());

        var exception = Assert.Throws<InvalidDataException>(() => new SqliteZNodeStore(_directory));
        Assert.Contains(_folder["store.db"], exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FirstVersionIsMigrated()
    {
        await Store.WriteSessionsAsync(1, [new(1, [1], 4000)], TestContext.Current.CancellationToken);
        using (var database = SqliteDatabase.Open(_folder["store.db"]))
            database.Execute("ALTER TABLE session DROP COLUMN owner; UPDATE schema_version SET version = 1");

        await ReopenAsync();

        Assert.Null(Assert.Single(await Store.ReadSessionsAsync(TestContext.Current.CancellationToken)).Owner);
        await Store.WriteSessionsAsync(1, [new(1, [1], 4000, "silo")], TestContext.Current.CancellationToken);
        Assert.Equal("silo", Assert.Single(await Store.ReadSessionsAsync(TestContext.Current.CancellationToken)).Owner);
    }

    private protected override ValueTask ReopenAsync()
    {
        _store.Dispose();
        _directory.Dispose();
        _directory = new DataDirectory(_folder.Path);
        _store = new SqliteZNodeStore(_directory);
        return ValueTask.CompletedTask;
    }
}
