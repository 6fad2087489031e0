using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>What every provider's transaction log does.</summary>
public abstract class TransactionLogTests
{
    /// <summary>Opens the test's log, first or again.</summary>
    private protected abstract LogFixture Open();

    [Fact]
    public async Task NewLogHasAnEmptyLedger()
    {
        using var fixture = Open();

        Assert.Equal(new Ledger(0, "", 0), await fixture.Log.ReadLedgerAsync());
        Assert.Empty(await fixture.ReadAsync());
    }

    [Fact]
    public async Task BatchesAreReadAsTheyWereAppendedAlsoAfterARestart()
    {
        List<LogBatch> batches;
        using (var fixture = Open())
        {
            batches = await fixture.FillAsync(3);
            batches.Add(Batch(1, 4, 515, bytes: 512 * 1100));
            fixture.Append(1, Zxid(1, 3), batches[^1]);
            AssertSame(batches, await fixture.ReadAsync());
        }

        using var reopened = Open();
        Assert.Equal(new Ledger(1, "test", Zxid(1, 515)), await reopened.Log.ReadLedgerAsync());
        AssertSame(batches, await reopened.ReadAsync());
        Assert.Empty(reopened.Warnings);
    }

    [Fact]
    public async Task ReadingBeginsWithTheBatchThatEndsBehindTheZxid()
    {
        using var fixture = Open();
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
        using var fixture = Open();
        var batches = await fixture.FillAsync(12, bytes: 1 << 20);

        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task EpochIsClaimedOnce()
    {
        using var fixture = Open();

        Assert.True(await fixture.Log.TryClaimEpochAsync(0, "first"));
        Assert.False(await fixture.Log.TryClaimEpochAsync(0, "second"));
        Assert.Equal(new Ledger(1, "first", 0), await fixture.Log.ReadLedgerAsync());
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "second"));
        Assert.Equal(new Ledger(2, "second", 0), await fixture.Log.ReadLedgerAsync());
    }

    [Fact]
    public async Task R3_WriterOfAnOlderEpochIsFenced()
    {
        using var fixture = Open();
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
        using var fixture = Open();
        var batches = await fixture.FillAsync(2);

        Assert.Equal(AppendOutcome.Fenced, fixture.Log.Append(1, Zxid(1, 1), Batch(1, 2, 3), out _));
        Assert.Equal(AppendOutcome.Fenced, fixture.Log.Append(1, Zxid(1, 3), Batch(1, 4, 4), out _));
        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task RepeatingTheLastAppendChangesNothing()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(2);

        fixture.Append(1, Zxid(1, 1), batches[1]);

        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task BatchThatDoesNotFollowIsRefused()
    {
        using var fixture = Open();
        await fixture.FillAsync(1);

        Assert.Throws<ArgumentException>(() => fixture.Log.Append(1, Zxid(1, 1), Batch(1, 3, 3), out _));
        Assert.Throws<ArgumentException>(() => fixture.Log.Append(2, Zxid(1, 1), Batch(1, 2, 2), out _));
        Assert.Throws<ArgumentException>(() => fixture.Log.Append(2, Zxid(1, 1), Batch(2, 2, 2), out _));
    }

    [Fact]
    public async Task TrimmingKeepsWhatIsBehindTheZxidAndTheLastBatch()
    {
        using var fixture = Open();
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
        using var fixture = Open();
        await fixture.FillAsync(5);
        await fixture.Log.TrimAsync(Zxid(1, 3));

        var exception = await Assert.ThrowsAsync<LogTrimmedException>(() => fixture.ReadAsync(Zxid(1, 2)));
        Assert.Contains("0x100000003", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await fixture.ReadAsync(Zxid(1, 3))).Count);
    }

    [Fact]
    public async Task LastTransactionOfTheEpochsBeforeIsFound()
    {
        using var fixture = Open();
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
    public async Task ReaderUnderWhichTheLogIsTrimmedIsToldSo()
    {
        using var fixture = Open();
        await fixture.FillAsync(10, bytes: 1 << 20);
        await using var reading = fixture.Log.ReadAfterAsync(0).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync());

        await fixture.Log.TrimAsync(Zxid(1, 9));

        await Assert.ThrowsAsync<LogTrimmedException>(async () =>
        {
            while (await reading.MoveNextAsync())
            {
            }
        });
    }

    [Fact]
    public async Task ReaderUnderWhichAWholeEpochIsTrimmedIsToldSo()
    {
        using var fixture = Open();

        // As many as are read in one piece, so that the next piece begins with another epoch.
        await fixture.FillAsync(4, bytes: 1 << 20);
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "test"));
        fixture.Append(2, Zxid(1, 4), Batch(2, 1, 5));
        Assert.True(await fixture.Log.TryClaimEpochAsync(2, "test"));
        fixture.Append(3, Zxid(2, 5), Batch(3, 1, 1));
        await using var reading = fixture.Log.ReadAfterAsync(0).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync());

        await fixture.Log.TrimAsync(Zxid(2, 5));

        await Assert.ThrowsAsync<LogTrimmedException>(async () =>
        {
            while (await reading.MoveNextAsync())
                Assert.Equal(1, reading.Current.FirstZxid >> 32);
        });
    }

    [Fact]
    public async Task ReaderThatMissedEpochsReadsOnWhereItWas()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(3);
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "test"));
        Assert.True(await fixture.Log.TryClaimEpochAsync(2, "test"));
        batches.AddRange([Batch(3, 1, 4), Batch(3, 5, 5), Batch(4, 1, 1)]);
        fixture.Append(3, Zxid(1, 3), batches[3]);
        fixture.Append(3, Zxid(3, 4), batches[4]);
        Assert.True(await fixture.Log.TryClaimEpochAsync(3, "test"));
        fixture.Append(4, Zxid(3, 5), batches[5]);

        AssertSame(batches[2..], await fixture.ReadAsync(Zxid(1, 2)));
        AssertSame(batches[3..], await fixture.ReadAsync(Zxid(1, 3)));
        AssertSame(batches[3..], await fixture.ReadAsync(Zxid(2, 0)));
        AssertSame(batches[3..], await fixture.ReadAsync(Zxid(3, 2)));

        await fixture.Log.TrimAsync(Zxid(1, 3));
        AssertSame(batches[3..], await fixture.ReadAsync(Zxid(1, 3)));
        await Assert.ThrowsAsync<LogTrimmedException>(() => fixture.ReadAsync(Zxid(1, 2)));

        await fixture.Log.TrimAsync(Zxid(3, 4));
        await Assert.ThrowsAsync<LogTrimmedException>(() => fixture.ReadAsync(Zxid(1, 3)));
        AssertSame(batches[4..], await fixture.ReadAsync(Zxid(3, 4)));

        await fixture.Log.TrimAsync(Zxid(3, 5));
        await Assert.ThrowsAsync<LogTrimmedException>(() => fixture.ReadAsync(Zxid(1, 3)));
        AssertSame(batches[5..], await fixture.ReadAsync(Zxid(3, 5)));
    }

    [Fact]
    public async Task LastZxidIsThatOfTheLastAppend()
    {
        using var fixture = Open();
        Assert.Equal(0, await fixture.Log.ReadLastZxidAsync());
        await fixture.FillAsync(3);
        Assert.Equal(Zxid(1, 3), await fixture.Log.ReadLastZxidAsync());

        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "test"));
        Assert.Equal(Zxid(1, 3), await fixture.Log.ReadLastZxidAsync());
        await fixture.Log.TrimAsync(Zxid(1, 3));
        Assert.Equal(Zxid(1, 3), await fixture.Log.ReadLastZxidAsync());
        fixture.Append(2, Zxid(1, 3), Batch(2, 1, 7));
        Assert.Equal(Zxid(2, 7), await fixture.Log.ReadLastZxidAsync());
    }

    [Fact]
    public async Task R3_OwnersWhoTakeTurnsAreFencedInBetween()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(3);
        for (var epoch = 2; epoch <= 8; epoch++)
        {
            Assert.True(await fixture.Log.PrepareToClaimAsync());
            Assert.False(await fixture.Log.TryClaimEpochAsync(epoch - 2, "late"));
            Assert.True(await fixture.Log.TryClaimEpochAsync(epoch - 1, $"owner {epoch % 2}"));
            AssertOlderIsFenced();

            batches.Add(Batch(epoch, 1, 2));
            fixture.Append(epoch, Zxid(epoch - 1, 3), batches[^1]);
            AssertOlderIsFenced();

            batches.Add(Batch(epoch, 3, 3));
            fixture.Append(epoch, Zxid(epoch, 2), batches[^1]);
            Assert.Equal(new Ledger(epoch, $"owner {epoch % 2}", Zxid(epoch, 3)), await fixture.Log.ReadLedgerAsync());

            void AssertOlderIsFenced() => Assert.Equal(
                AppendOutcome.Fenced, fixture.Log.Append(epoch - 1, Zxid(epoch - 1, 3), Batch(epoch - 1, 4, 4), out _));
        }

        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task R3_OfOwnersWhoCompeteTheLogHoldsWhatTheyWereTold()
    {
        using var fixture = Open();
        var owners = Enumerable.Range(0, 4).Select(number => new CompetingOwner(fixture.Log, $"owner {number}")).ToArray();

        await Task.WhenAll(owners.Select(owner => owner.CompeteAsync(tenures: 5)));

        AssertSame(CompetingOwner.AppendedBy(owners), await fixture.ReadAsync());
    }

    [Fact]
    public async Task R1_NextEpochFollowsTheLastTransactionOfAnEpoch()
    {
        using var fixture = Open();
        Assert.True(await fixture.Log.TryClaimEpochAsync(0, "test"));
        LogBatch[] batches = [Batch(1, 1, -3), Batch(1, -2, -1), Batch(2, 1, 3), Batch(2, 4, 4)];
        fixture.Append(1, 0, batches[0]);
        fixture.Append(1, Zxid(1, -3), batches[1]);
        Assert.Equal(0x1_ffff_ffff, await fixture.Log.ReadLastZxidAsync());

        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "test"));
        fixture.Append(2, Zxid(1, -1), batches[2]);
        fixture.Append(2, Zxid(2, 3), batches[3]);

        AssertSame(batches, await fixture.ReadAsync());
        AssertSame(batches[1..], await fixture.ReadAsync(Zxid(1, -3)));
        AssertSame(batches[2..], await fixture.ReadAsync(Zxid(1, -1)));
        Assert.Equal(Zxid(1, -1), await fixture.Log.ReadLastBeforeAsync(2));
    }
}
