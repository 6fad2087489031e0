using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage;

public sealed class SqliteTransactionLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NewLogHasAnEmptyLedger()
    {
        using var fixture = new LogFixture(_folder.Path);

        Assert.Equal(new Ledger(0, "", 0), await fixture.Log.ReadLedgerAsync());
        Assert.Empty(await fixture.ReadAsync());
    }

    [Fact]
    public async Task BatchesAreReadAsTheyWereAppendedAlsoAfterARestart()
    {
        List<LogBatch> batches;
        using (var fixture = new LogFixture(_folder.Path))
        {
            batches = await fixture.FillAsync(3);
            batches.Add(Batch(1, 4, 515, bytes: 512 * 1100));
            fixture.Append(1, Zxid(1, 3), batches[^1]);
            AssertSame(batches, await fixture.ReadAsync());
        }

        using var reopened = new LogFixture(_folder.Path);
        Assert.Equal(new Ledger(1, "test", Zxid(1, 515)), await reopened.Log.ReadLedgerAsync());
        AssertSame(batches, await reopened.ReadAsync());
        Assert.Empty(reopened.Logger.Warnings);
    }

    [Fact]
    public async Task ReadingBeginsWithTheBatchThatEndsBehindTheZxid()
    {
        using var fixture = new LogFixture(_folder.Path);
        var batches = await fixture.FillAsync(2);
        batches.Add(Batch(1, 3, 7));
        fixture.Append(1, Zxid(1, 2), batches[^1]);

        AssertSame(batches[1..], await fixture.ReadAsync(Zxid(1, 1)));
        AssertSame(batches[2..], await fixture.ReadAsync(Zxid(1, 2)));
        AssertSame(batches[2..], await fixture.ReadAsync(Zxid(1, 6)));
        Assert.Empty(await fixture.ReadAsync(Zxid(1, 7)));
    }

    [Fact]
    public async Task ReadingInPiecesLosesNothing()
    {
        using var fixture = new LogFixture(_folder.Path);
        var batches = await fixture.FillAsync(12, bytes: 1 << 20);

        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task EpochIsClaimedOnce()
    {
        using var fixture = new LogFixture(_folder.Path);

        Assert.True(await fixture.Log.TryClaimEpochAsync(0, "first"));
        Assert.False(await fixture.Log.TryClaimEpochAsync(0, "second"));
        Assert.Equal(new Ledger(1, "first", 0), await fixture.Log.ReadLedgerAsync());
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "second"));
        Assert.Equal(new Ledger(2, "second", 0), await fixture.Log.ReadLedgerAsync());
    }

    [Fact]
    public async Task R3_WriterOfAnOlderEpochIsFenced()
    {
        using var fixture = new LogFixture(_folder.Path);
        var batches = await fixture.FillAsync(2);
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "successor"));

        Assert.Equal(AppendOutcome.Fenced, fixture.Log.Append(1, Zxid(1, 2), Batch(1, 3, 3), out var failure));
        Assert.Null(failure);

        batches.Add(Batch(2, 1, 4));
        fixture.Append(2, Zxid(1, 2), batches[^1]);
        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task R3_WriterWithAnotherLastZxidIsFenced()
    {
        using var fixture = new LogFixture(_folder.Path);
        var batches = await fixture.FillAsync(2);

        Assert.Equal(AppendOutcome.Fenced, fixture.Log.Append(1, Zxid(1, 1), Batch(1, 2, 3), out _));
        Assert.Equal(AppendOutcome.Fenced, fixture.Log.Append(1, Zxid(1, 3), Batch(1, 4, 4), out _));
        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task RepeatingTheLastAppendChangesNothing()
    {
        using var fixture = new LogFixture(_folder.Path);
        var batches = await fixture.FillAsync(2);

        fixture.Append(1, Zxid(1, 1), batches[1]);

        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task BatchThatDoesNotFollowIsRefused()
    {
        using var fixture = new LogFixture(_folder.Path);
        await fixture.FillAsync(1);

        Assert.Throws<ArgumentException>(() => fixture.Log.Append(1, Zxid(1, 1), Batch(1, 3, 3), out _));
        Assert.Throws<ArgumentException>(() => fixture.Log.Append(2, Zxid(1, 1), Batch(1, 2, 2), out _));
        Assert.Throws<ArgumentException>(() => fixture.Log.Append(2, Zxid(1, 1), Batch(2, 2, 2), out _));
    }

    [Fact]
    public async Task TrimmingKeepsWhatIsBehindTheZxidAndTheLastBatch()
    {
        using var fixture = new LogFixture(_folder.Path);
        var batches = await fixture.FillAsync(600);

        await fixture.Log.TrimAsync(Zxid(1, 580));
        AssertSame(batches[580..], await fixture.ReadAsync(Zxid(1, 580)));

        await fixture.Log.TrimAsync(Zxid(9, 1));
        AssertSame(batches[599..], await fixture.ReadAsync(Zxid(1, 599)));
        Assert.Equal(Zxid(1, 600), (await fixture.Log.ReadLedgerAsync()).LastZxid);
        fixture.Append(1, Zxid(1, 600), Batch(1, 601, 601));
    }

    [Fact]
    public async Task ReadingBeforeWhereTheLogWasTrimmedIsRefused()
    {
        using var fixture = new LogFixture(_folder.Path);
        await fixture.FillAsync(5);
        await fixture.Log.TrimAsync(Zxid(1, 3));

        var exception = await Assert.ThrowsAsync<LogTrimmedException>(() => fixture.ReadAsync(Zxid(1, 2)));
        Assert.Contains("0x100000003", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await fixture.ReadAsync(Zxid(1, 3))).Count);
    }

    [Fact]
    public async Task LastTransactionOfTheEpochsBeforeIsFound()
    {
        using var fixture = new LogFixture(_folder.Path);
        await fixture.FillAsync(5);
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "test"));
        Assert.True(await fixture.Log.TryClaimEpochAsync(2, "test"));
        fixture.Append(3, Zxid(1, 5), Batch(3, 1, 2));

        Assert.Equal(Zxid(3, 2), await fixture.Log.ReadLastBeforeAsync(4));
        Assert.Equal(Zxid(1, 5), await fixture.Log.ReadLastBeforeAsync(3));
        Assert.Equal(Zxid(1, 5), await fixture.Log.ReadLastBeforeAsync(2));
        Assert.Equal(0, await fixture.Log.ReadLastBeforeAsync(1));
    }

    [Fact]
    public async Task WriteAheadLogStaysBoundedWhileAppendsNeverPause()
    {
        using var fixture = new LogFixture(_folder.Path);

        // Seven times the size that the write-ahead log begins with.
        await fixture.FillAsync(224, bytes: 1 << 20);

        Assert.InRange(new FileInfo(_folder["log.db-wal"]).Length, 32 << 20, 80 << 20);
        Assert.Empty(fixture.Logger.Warnings);
    }
}
