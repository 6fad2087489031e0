using Microsoft.Data.Sqlite;
using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>An append is committed first and synced then: what is read in between, and what becomes of it when the sync fails.</summary>
public sealed class FailedSyncTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ControlledSync _sync = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NobodyReadsABatchBeforeItIsSynced()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(3);
        var syncs = 0;
        _sync.Syncing = () =>
        {
            syncs++;
            Assert.Equal(batches[^1].LastZxid, fixture.Log.ReadLastZxidAsync().AsTask().GetAwaiter().GetResult());
            AssertSame(batches, fixture.ReadAsync().GetAwaiter().GetResult());
        };

        // To the row that is there, to the next one, and to one of its own.
        foreach (var bytes in new[] { 300, 8000, 20_000 })
        {
            fixture.AppendNext(batches, bytes);
            AssertSame(batches, await fixture.ReadAsync());
        }

        Assert.Equal(3, syncs);
    }

    [Fact]
    public async Task BatchWhoseSyncFailedOnceIsWrittenAgain()
    {
        List<LogBatch> batches;
        using (var fixture = Open())
        {
            batches = await fixture.FillAsync(3);
            foreach (var bytes in new[] { 300, 8000, 20_000 })
            {
                _sync.FailNext(1);
                fixture.AppendNext(batches, bytes);
            }

            AssertSame(batches, await fixture.ReadAsync());
            SqliteLogFixture.CopyFiles(_folder["log"], _folder["crashed"]);
        }

        using var recovered = new SqliteLogFixture(_folder["crashed"]);
        AssertSame(batches, await recovered.ReadAsync());
        Assert.Empty(recovered.Warnings);
    }

    [Fact]
    public async Task BatchThatCannotBeSyncedIsInDoubtUntilTheDiskIsRepaired()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(3);
        _sync.Fail();

        var doubtful = Batch(1, 4, 6);
        Assert.Equal(AppendOutcome.InDoubt, fixture.Log.Append(1, Zxid(1, 3), doubtful, out var failure));
        Assert.IsType<SqliteException>(failure);
        Assert.Equal(AppendOutcome.Failed, fixture.Log.Append(1, Zxid(1, 3), Batch(1, 4, 6, bytes: 100), out failure));
        Assert.IsType<SqliteException>(failure);
        Assert.Equal(Zxid(1, 3), await fixture.Log.ReadLastZxidAsync());
        AssertSame(batches, await fixture.ReadAsync());

        _sync.Repair();
        Assert.Equal(AppendOutcome.Behind, fixture.Log.Append(1, Zxid(1, 3), Batch(1, 4, 4), out failure));
        Assert.Null(failure);
        batches.Add(doubtful);
        AssertSame(batches, await fixture.ReadAsync());

        batches.Add(Batch(1, 7, 7));
        fixture.Append(1, Zxid(1, 6), batches[^1]);
        AssertSame(batches, await fixture.ReadAsync());
        Assert.Equal(AppendOutcome.Fenced, fixture.Log.Append(1, Zxid(1, 3), Batch(1, 4, 4), out _));
    }

    [Fact]
    public async Task R3_SuccessorBeginsBehindABatchThatWasInDoubt()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(3);
        _sync.Fail();
        batches.Add(Batch(1, 4, 4));
        Assert.Equal(AppendOutcome.InDoubt, fixture.Log.Append(1, Zxid(1, 3), batches[^1], out _));

        _sync.Repair();
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "successor"));
        Assert.Equal(Zxid(1, 4), await fixture.Log.ReadLastZxidAsync());
        Assert.Equal(AppendOutcome.Fenced, fixture.Log.Append(1, Zxid(1, 3), Batch(1, 4, 5), out _));
        batches.Add(Batch(2, 1, 1));
        fixture.Append(2, Zxid(1, 4), batches[^1]);
        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task ClaimThatCouldNotBeSyncedIsItsClaimersAlone()
    {
        using var fixture = Open();
        _sync.Fail();
        await Assert.ThrowsAsync<SqliteException>(async () => await fixture.Log.TryClaimEpochAsync(0, "first"));
        await Assert.ThrowsAsync<SqliteException>(async () => await fixture.Log.TryClaimEpochAsync(0, "first"));

        _sync.Repair();
        Assert.True(await fixture.Log.TryClaimEpochAsync(0, "first"));
        Assert.False(await fixture.Log.TryClaimEpochAsync(0, "first"));
        Assert.Equal(new Ledger(1, "first", 0), await fixture.Log.ReadLedgerAsync());

        _sync.FailNext(1);
        await Assert.ThrowsAsync<SqliteException>(async () => await fixture.Log.TryClaimEpochAsync(1, "first"));
        Assert.False(await fixture.Log.TryClaimEpochAsync(1, "second"));
        Assert.True(await fixture.Log.TryClaimEpochAsync(1, "first"));
        Assert.Equal(new Ledger(2, "first", 0), await fixture.Log.ReadLedgerAsync());
    }

    private SqliteLogFixture Open() => new(_folder["log"], _sync.Open);
}
