using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>What is damaged is noticed, and nothing behind the damage is handed out.</summary>
public sealed class LogDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("UPDATE transaction_log SET batches = CAST(substr(batches, 1, 6050) || x'0000' || substr(batches, 6053) AS BLOB) WHERE slot = 0")]
    [InlineData("UPDATE transaction_log SET batches = CAST(substr(batches, 1, 3044) || x'0000' || substr(batches, 3047) AS BLOB) WHERE slot = 0")]
    [InlineData("UPDATE transaction_log SET batches = CAST(substr(batches, 1, 3028) AS BLOB) WHERE slot = 0")]
    [InlineData("UPDATE transaction_log SET last_zxid = last_zxid + 1 WHERE slot = 0")]
    [InlineData("DELETE FROM transaction_log WHERE slot = 1")]
    public async Task DamagedRowIsRefused(string damage)
    {
        // Two in each row.
        List<LogBatch> batches;
        using (var fixture = new SqliteLogFixture(_folder.Path))
            batches = await fixture.FillAsync(5, bytes: 3000);
        using (var database = SqliteDatabase.Open(_folder["log.db"]))
            database.Execute(damage);

        using var damaged = new SqliteLogFixture(_folder.Path);
        var read = new List<LogBatch>();
        var exception = await Assert.ThrowsAsync<LogCorruptedException>(async () =>
        {
            await foreach (var batch in damaged.Log.ReadAfterAsync(0))
                read.Add(batch);
        });

        Assert.Contains("log.db", exception.Message, StringComparison.Ordinal);
        Assert.Contains("0x10000000", exception.Message, StringComparison.Ordinal);
        Assert.True(read.Count <= 2);
    }

    [Theory]
    [InlineData("UPDATE transaction_log SET first_zxid = 0, last_zxid = 0 WHERE slot = 2", 5, "slot 2")]
    [InlineData("UPDATE transaction_log SET last_zxid = 1 WHERE slot = 2", 5, "slot 2")]
    [InlineData("UPDATE transaction_log SET first_zxid = 0, last_zxid = 0 WHERE slot = 0", 5, "slot 0")]
    [InlineData("DELETE FROM transaction_log WHERE slot = 0", 5, "slot 0")]
    [InlineData("UPDATE transaction_log SET first_zxid = first_zxid - 1 WHERE slot = 16", 90, "transactions are missing")]
    [InlineData("DELETE FROM transaction_log WHERE slot BETWEEN 16 AND 31", 90, "transactions are missing")]
    public async Task FileThatLooksAsIfItHadNotBeenWrittenToIsRefused(string damage, int batches, string complaint)
    {
        using (var fixture = new SqliteLogFixture(_folder.Path))
            await fixture.FillAsync(batches, bytes: 3000);
        using (var database = SqliteDatabase.Open(_folder["log.db"]))
            database.Execute(damage);

        var exception = Assert.Throws<LogCorruptedException>(() => new SqliteLogFixture(_folder.Path).Dispose());
        Assert.Contains("log.db", exception.Message, StringComparison.Ordinal);
        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FlippedBitInTheFileIsRefused()
    {
        LogBatch victim;
        using (var fixture = new SqliteLogFixture(_folder.Path))
            victim = (await fixture.FillAsync(5, bytes: 100_000))[2];

        var file = await File.ReadAllBytesAsync(_folder["log.db"]);
        file[file.AsSpan().IndexOf(victim.Payload.Span.Slice(50_000, 64))] ^= 4;
        await File.WriteAllBytesAsync(_folder["log.db"], file);

        using var damaged = new SqliteLogFixture(_folder.Path);
        var exception = await Assert.ThrowsAsync<LogCorruptedException>(() => damaged.ReadAsync());
        Assert.Contains("0x100000003", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8192)]
    public async Task DamagedPageIsALogCorruptedException(int offset)
    {
        using (var fixture = new SqliteLogFixture(_folder.Path))
            await fixture.FillAsync(5);

        using (var file = new FileStream(_folder["log.db"], FileMode.Open))
        {
            file.Position = offset;
            file.Write(Enumerable.Repeat((byte)0x55, 200).ToArray());
        }

        var exception = Assert.Throws<LogCorruptedException>(() => new SqliteLogFixture(_folder.Path).Dispose());
        Assert.Contains(_folder["log.db"], exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LaterSchemaVersionIsRefused()
    {
        using (var fixture = new SqliteLogFixture(_folder.Path))
            await fixture.FillAsync(1);
        using (var database = SqliteDatabase.Open(_folder["log.db"]))
            database.Execute("UPDATE schema_version SET version = 1000");

        var exception = Assert.Throws<SchemaVersionException>(() => new SqliteLogFixture(_folder.Path).Dispose());
        Assert.Contains("1000", exception.Message, StringComparison.Ordinal);
    }
}
