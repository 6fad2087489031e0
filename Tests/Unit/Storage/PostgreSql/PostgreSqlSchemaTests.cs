using System.Net;
using System.Net.Sockets;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.PostgreSql;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

public sealed class PostgreSqlSchemaTests
{
    private readonly TestSchema _schema = TestSchema.Shared();

    [Fact]
    public async Task SilosThatStartAtOnceMakeOneSchema()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => _schema.Open())));

        Assert.Equal(1L, await _schema.ExecuteAsync("SELECT count(*) FROM ledger"));
        Assert.Equal(4L, await _schema.ExecuteAsync("SELECT count(*) FROM znode"));
        Assert.Equal(14L, await _schema.ExecuteAsync("SELECT count(*) FROM OrleansQuery"));
        Array.ForEach(databases, database => database.Dispose());
    }

    [Fact]
    public async Task SchemaThatIsThereIsNotTouchedOrWaitedFor()
    {
        _schema.Open().Dispose();
        await using var busy = await _schema.ConnectAsync();
        var takeLock = $"SELECT pg_advisory_xact_lock(hashtextextended('OrleansKeeper {_schema.Name}', 0))";
        await TestSchema.ExecuteAsync(busy, $"BEGIN; {takeLock}; UPDATE ledger SET epoch = 5");

        _schema.Open().Dispose();
    }

    [Fact]
    public async Task FirstVersionIsMigrated()
    {
        _schema.Open().Dispose();
        await _schema.ExecuteAsync(
            """
            ALTER TABLE session DROP COLUMN owner;
            INSERT INTO session (id, password_hash, timeout_milliseconds) VALUES (1, 'x', 4000);
            UPDATE schema_version SET version = 1
            """);

        using var database = _schema.Open();
        using var store = new PostgreSqlZNodeStore(database);
        Assert.Null(Assert.Single(await store.ReadSessionsAsync(TestContext.Current.CancellationToken)).Owner);
        await store.WriteSessionsAsync(1, [new(1, [1], 4000, "silo")], TestContext.Current.CancellationToken);
        Assert.Equal("silo", Assert.Single(await store.ReadSessionsAsync(TestContext.Current.CancellationToken)).Owner);
    }

    [Fact]
    public async Task LogOfTheSecondVersionIsItsFirstSegment()
    {
        List<LogBatch> batches;
        using (var fixture = new PostgreSqlLogFixture(_schema))
            batches = await fixture.FillAsync(3);
        await _schema.ExecuteAsync(
            """
            CREATE TABLE old AS SELECT last_zxid, first_zxid, checksum, payload FROM transaction_log;
            DROP TABLE transaction_log;
            DROP FUNCTION trim_log;
            ALTER TABLE log_trim DROP COLUMN segment;
            CREATE TABLE transaction_log
            (
              last_zxid bigint PRIMARY KEY,
              first_zxid bigint NOT NULL,
              checksum bigint NOT NULL,
              payload bytea NOT NULL
            ) WITH (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05, toast_tuple_target = 8160);
            ALTER TABLE transaction_log ALTER COLUMN payload SET STORAGE EXTERNAL;
            INSERT INTO transaction_log SELECT * FROM old;
            UPDATE schema_version SET version = 2
            """);

        using var migrated = new PostgreSqlLogFixture(_schema);
        LogFixture.AssertSame(batches, await migrated.ReadAsync());

        // As a silo of that version goes on, until it is replaced.
        await _schema.ExecuteAsync("INSERT INTO transaction_log (last_zxid, first_zxid, checksum, payload) VALUES (1, 1, 0, '')");
        await _schema.ExecuteAsync("DELETE FROM transaction_log WHERE last_zxid = 1");

        Assert.True(await migrated.Log.TryClaimEpochAsync(1, "test"));
        batches.Add(LogFixture.Batch(2, 1, 1));
        migrated.Append(2, LogFixture.Zxid(1, 3), batches[^1]);
        await _schema.ExecuteAsync($"UPDATE checkpoint SET mark = {long.MaxValue}");
        await migrated.Log.TrimAsync(LogFixture.Zxid(1, 2));
        LogFixture.AssertSame(batches[2..], await migrated.ReadAsync(LogFixture.Zxid(1, 2)));
        Assert.Equal(8L, await _schema.ExecuteAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 'transaction_log'::regclass"));
    }

    [Fact]
    public async Task LaterSchemaVersionIsRefused()
    {
        _schema.Open().Dispose();
        await _schema.ExecuteAsync("UPDATE schema_version SET version = 1000");

        var exception = Assert.Throws<SchemaVersionException>(() => _schema.Open());
        Assert.Contains("1000", exception.Message, StringComparison.Ordinal);
        Assert.Contains(_schema.Name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ServerThatCannotBeReachedIsNamedWithTheReason()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var exception = Assert.Throws<DatabaseUnavailableException>(() => _schema.Open(port: port));
        Assert.Contains($"127.0.0.1:{port}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("refused", exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void ServerThatDoesNotAnswerIsGivenUp()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var exception = Assert.Throws<DatabaseUnavailableException>(
            () => _schema.Open(TimeSpan.FromSeconds(1), ((IPEndPoint)listener.LocalEndpoint).Port));
        Assert.Contains("127.0.0.1", exception.Message, StringComparison.Ordinal);
    }
}
