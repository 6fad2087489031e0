using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage;

public sealed class SqliteTransactionLogTests : TransactionLogTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAheadLogStaysBoundedWhileAppendsNeverPause()
    {
        using var fixture = Open();

        // Seven times the size that the write-ahead log begins with. How far it grows depends on when the thread that empties it gets its turn.
        await fixture.FillAsync(224, bytes: 1 << 20);

        Assert.InRange(new FileInfo(_folder["log.db-wal"]).Length, 32 << 20, 160 << 20);
        Assert.Empty(fixture.Warnings);
    }

    [Fact]
    public async Task SlotsOfTrimmedBatchesAreFilledAgain()
    {
        const int Batches = 2000;
        const int Kept = 40;
        var batches = new List<LogBatch>();
        using (var fixture = Open())
        {
            Assert.True(await fixture.Log.TryClaimEpochAsync(0, "test"));
            for (var i = 1; i <= Batches; i++)
            {
                fixture.AppendNext(batches, bytes: 5000);
                if (i % Kept == 0)
                    await fixture.Log.TrimAsync(Zxid(1, i - Kept));
            }
        }

        using var reopened = Open();
        AssertSame(batches[^Kept..], await reopened.ReadAsync(Zxid(1, Batches - Kept)));
        Assert.InRange(CountSlots(), Kept, 4 * Kept);
    }

    [Fact]
    public async Task SmallBatchesShareASlot()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(1000, bytes: 50);

        AssertSame(batches, await fixture.ReadAsync());
        Assert.InRange(CountSlots(), 10, 32);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task WhateverIsAppendedAndTrimmedIsThereWhenTheFileIsOpenedAgain(int seed)
    {
        var random = new Random(seed);
        var batches = new List<LogBatch>();
        var trimmed = 0L;
        var epoch = 0;
        for (var life = 0; life < 12; life++)
        {
            using var fixture = Open();
            AssertSame(batches, await fixture.ReadAsync(trimmed));
            Assert.True(await fixture.Log.TryClaimEpochAsync(epoch++, "test"));
            var counter = 0;
            for (var i = random.Next(80); i > 0; i--)
            {
                var first = counter + 1;
                counter += random.Next(1, 4);
                var previous = batches.Count == 0 ? 0 : batches[^1].LastZxid;
                batches.Add(Batch(epoch, first, counter, bytes: (int)Math.Pow(10, 5 * random.NextDouble())));
                fixture.Append(epoch, previous, batches[^1]);
                if (random.Next(10) == 0)
                    trimmed = await TrimAsync(fixture.Log, batches, batches[random.Next(batches.Count)].LastZxid, trimmed);
            }

            AssertSame(batches, await fixture.ReadAsync(trimmed));
            Assert.Equal(batches.Count == 0 ? 0 : batches[^1].LastZxid, await fixture.Log.ReadLastZxidAsync());
        }
    }

    [Fact]
    public async Task FirstVersionIsMigrated()
    {
        LogBatch[] batches = [Batch(1, 4, 4), Batch(1, 5, 9, bytes: 20_000), Batch(2, 1, 2)];
        using (var database = SqliteDatabase.Open(_folder["log.db"]))
        {
            database.Execute("PRAGMA page_size=8192; PRAGMA journal_mode=WAL");
            database.Execute(ReadScript("TransactionLog.sql"));
            database.Execute("INSERT INTO schema_version (id, version) VALUES (1, 1)");
            database.Execute("UPDATE ledger SET epoch = 2, holder = 'before', trimmed_zxid = 4294967299");
            var insert = database.Prepare("INSERT INTO transaction_log (first_zxid, last_zxid, checksum, payload) VALUES (?1, ?2, ?3, ?4)");
            foreach (var batch in batches)
            {
                var checksum = LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span);
                insert.Bind(1, batch.FirstZxid).Bind(2, batch.LastZxid).Bind(3, checksum).BindBlob(4, batch.Payload.Span).Execute();
            }
        }

        using var migrated = Open();
        Assert.Equal(new Ledger(2, "before", Zxid(2, 2)), await migrated.Log.ReadLedgerAsync());
        AssertSame(batches, await migrated.ReadAsync(Zxid(1, 3)));
        migrated.Append(2, Zxid(2, 2), Batch(2, 3, 3));
        AssertSame([.. batches, Batch(2, 3, 3)], await migrated.ReadAsync(Zxid(1, 3)));
        await Assert.ThrowsAsync<LogTrimmedException>(() => migrated.ReadAsync(Zxid(1, 2)));
    }

    private static string ReadScript(string name)
    {
        using var script = new StreamReader(typeof(SchemaScript).Assembly.GetManifestResourceStream(typeof(SchemaScript), name)!);
        return script.ReadToEnd();
    }

    /// <summary>Trims, and takes from the batches what has to be gone; returns up to where that is.</summary>
    private static async Task<long> TrimAsync(ITransactionLog log, List<LogBatch> batches, long zxid, long trimmed)
    {
        await log.TrimAsync(zxid);
        var count = batches.SkipLast(1).Count(batch => batch.LastZxid <= zxid);
        if (count == 0)
            return trimmed;

        var last = batches[count - 1].LastZxid;
        batches.RemoveRange(0, count);
        return last;
    }

    private long CountSlots()
    {
        using var database = SqliteDatabase.Open(_folder["log.db"]);
        return database.QueryInt64("SELECT count(*) FROM transaction_log")!.Value;
    }

    private protected override LogFixture Open() => new SqliteLogFixture(_folder.Path);
}
