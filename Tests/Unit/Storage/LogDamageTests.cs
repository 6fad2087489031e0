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
    [InlineData("UPDATE transaction_log SET payload = CAST(x'00' || substr(payload, 2) AS BLOB) WHERE first_zxid = 4294967299")]
    [InlineData("UPDATE transaction_log SET last_zxid = last_zxid + 1 WHERE first_zxid = 4294967299")]
    [InlineData("UPDATE transaction_log SET checksum = checksum + 1 WHERE first_zxid = 4294967299")]
    [InlineData("DELETE FROM transaction_log WHERE first_zxid = 4294967299")]
    public async Task DamagedRowIsRefused(string damage)
    {
        List<LogBatch> batches;
        using (var fixture = new SqliteLogFixture(_folder.Path))
            batches = await fixture.FillAsync(5);
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
