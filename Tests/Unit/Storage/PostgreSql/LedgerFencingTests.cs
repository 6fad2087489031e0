using Npgsql;
using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

/// <summary>Two writers: once a claim has committed, no append of an older epoch ever does, and nobody waits long for anybody.</summary>
public sealed class LedgerFencingTests : IDisposable
{
    private const string SomebodyWaits =
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%ledger%' AND pid <> pg_backend_pid()";

    private readonly TestSchema _schema = TestSchema.Shared();
    private readonly PostgreSqlLogFixture _older;
    private readonly PostgreSqlLogFixture _newer;

    public LedgerFencingTests()
    {
        _older = new PostgreSqlLogFixture(_schema);
        _newer = new PostgreSqlLogFixture(_schema);
    }

    public void Dispose()
    {
        _older.Dispose();
        _newer.Dispose();
    }

    [Fact]
    public async Task R3_ClaimOfOneSiloFencesTheOther()
    {
        var batches = await _older.FillAsync(2);
        Assert.False(await _newer.Log.TryClaimEpochAsync(0, "late"));
        Assert.True(await _newer.Log.TryClaimEpochAsync(1, "newer"));

        Assert.Equal(AppendOutcome.Fenced, _older.Log.Append(1, Zxid(1, 2), Batch(1, 3, 3), out _));
        batches.Add(Batch(2, 1, 1));
        _newer.Append(2, Zxid(1, 2), batches[^1]);
        Assert.Equal(AppendOutcome.Fenced, _older.Log.Append(1, Zxid(1, 2), Batch(1, 3, 3), out _));

        AssertSame(batches, await _older.ReadAsync());
        Assert.Equal(new Ledger(2, "newer", Zxid(2, 1)), await _older.Log.ReadLedgerAsync());
    }

    [Fact]
    public async Task R3_AppendThatWaitsForAClaimAppendsNothing()
    {
        var batches = await _older.FillAsync(2);
        await using var claiming = await _schema.ConnectAsync();
        await TestSchema.ExecuteAsync(claiming, "BEGIN; UPDATE ledger SET epoch = 2, holder = 'newer', writer = 7, connection = 7");

        var append = Task.Run(() => _older.Log.Append(1, Zxid(1, 2), Batch(1, 3, 3), out _));
        await _schema.EventuallyAsync(InSchema(SomebodyWaits));
        await TestSchema.ExecuteAsync(claiming, "COMMIT");

        Assert.Equal(AppendOutcome.Fenced, await append);
        AssertSame(batches, await _newer.ReadAsync());
    }

    [Fact]
    public async Task R3_ClaimThatWaitsForAnAppendFindsItsBatch()
    {
        var batches = await _older.FillAsync(2);
        await using var appending = await _schema.ConnectAsync();
        await TestSchema.AppendAndHoldAsync(appending, Batch(1, 3, 3));

        var claim = _newer.Log.TryClaimEpochAsync(1, "newer").AsTask();
        await _schema.EventuallyAsync(InSchema(SomebodyWaits));
        await TestSchema.ExecuteAsync(appending, "COMMIT");

        Assert.True(await claim);
        batches.Add(Batch(1, 3, 3));
        Assert.Equal(Zxid(1, 3), (await _newer.Log.ReadLedgerAsync()).LastZxid);
        AssertSame(batches, await _newer.ReadAsync());
        _newer.Append(2, Zxid(1, 3), Batch(2, 1, 1));
    }

    [Fact]
    public async Task R3_WriterThatStoppedInTheMiddleOfAnAppendBlocksNobody()
    {
        var batches = await _older.FillAsync(2);
        await using var stopped = await _schema.ConnectAsync();
        await TestSchema.ExecuteAsync(
            stopped,
            "UPDATE ledger SET (backend_pid, backend_start) = (SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())");
        await TestSchema.AppendAndHoldAsync(stopped, Batch(1, 3, 3));

        // It never says how the append goes on.
        Assert.True(await _newer.Log.TryClaimEpochAsync(1, "newer"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => TestSchema.ExecuteAsync(stopped, "COMMIT"));

        batches.Add(Batch(2, 1, 1));
        _newer.Append(2, Zxid(1, 2), batches[^1]);
        AssertSame(batches, await _newer.ReadAsync());
    }

    [Fact]
    public async Task R3_OfManyWhoClaimTheSameEpochOneWinsAndAppends()
    {
        var fixtures = Enumerable.Range(0, 6).Select(_ => new PostgreSqlLogFixture(_schema)).ToArray();
        try
        {
            var claims = await Task.WhenAll(fixtures.Select((fixture, i) => fixture.Log.TryClaimEpochAsync(0, $"silo {i}").AsTask()));
            var outcomes = await Task.WhenAll(fixtures.Select(fixture => Task.Run(() => fixture.Log.Append(1, 0, Batch(1, 1, 1), out _))));

            Assert.Single(claims, won => won);

            // A loser that appends the very same batch as the winner is told that it is in the log, or that it is not the writer.
            Assert.Equal(AppendOutcome.Appended, outcomes[Array.IndexOf(claims, true)]);
            Assert.Equal($"silo {Array.IndexOf(claims, true)}", (await _older.Log.ReadLedgerAsync()).Holder);
            AssertSame([Batch(1, 1, 1)], await _older.ReadAsync());
        }
        finally
        {
            Array.ForEach(fixtures, fixture => fixture.Dispose());
        }
    }

    [Fact]
    public async Task R3_SilosThatTakeTurnsAreFencedInBetween()
    {
        var batches = await _older.FillAsync(2);
        for (var epoch = 2; epoch <= 7; epoch++)
        {
            var (claiming, fenced) = epoch % 2 == 0 ? (_newer, _older) : (_older, _newer);
            Assert.True(await claiming.Log.PrepareToClaimAsync());
            Assert.True(await claiming.Log.TryClaimEpochAsync(epoch - 1, "test"));
            Assert.Equal(AppendOutcome.Fenced, fenced.Log.Append(epoch - 1, Zxid(epoch - 1, 2), Batch(epoch - 1, 3, 3), out _));

            batches.AddRange([Batch(epoch, 1, 1), Batch(epoch, 2, 2)]);
            claiming.Append(epoch, Zxid(epoch - 1, 2), batches[^2]);
            Assert.Equal(Zxid(epoch, 1), await fenced.Log.ReadLastZxidAsync());
            Assert.Equal(AppendOutcome.Fenced, fenced.Log.Append(epoch - 1, Zxid(epoch - 1, 2), Batch(epoch - 1, 3, 3), out _));
            claiming.Append(epoch, Zxid(epoch, 1), batches[^1]);
            Assert.Equal(Zxid(epoch, 2), await fenced.Log.ReadLastZxidAsync());
        }

        AssertSame(batches, await _newer.ReadAsync());
    }

    [Fact]
    public async Task R3_OfSilosThatCompeteTheLogHoldsWhatTheyWereTold()
    {
        var fixtures = Enumerable.Range(0, 4).Select(_ => new PostgreSqlLogFixture(_schema)).ToArray();
        try
        {
            var owners = fixtures.Select((fixture, i) => new CompetingOwner(fixture.Log, $"silo {i}")).ToArray();
            await Task.WhenAll(owners.Select(owner => owner.CompeteAsync(tenures: 5)));

            AssertSame(CompetingOwner.AppendedBy(owners), await _older.ReadAsync());
        }
        finally
        {
            Array.ForEach(fixtures, fixture => fixture.Dispose());
        }
    }

    [Fact]
    public async Task R3_FormerHolderClaimsWhileAStatementOfItsSuccessorRuns()
    {
        var batches = await _older.FillAsync(2);
        Assert.True(await _newer.Log.TryClaimEpochAsync(1, "newer"));
        await using var appending = await _schema.ConnectAsync();
        await TestSchema.AppendAndHoldAsync(appending, Batch(2, 1, 4));

        var claim = _older.Log.TryClaimEpochAsync(2, "older").AsTask();
        await _schema.EventuallyAsync(InSchema(SomebodyWaits));
        await TestSchema.ExecuteAsync(appending, "COMMIT");

        Assert.True(await claim);
        Assert.Equal(Zxid(2, 4), await _older.Log.ReadLastZxidAsync());
        Assert.Equal(AppendOutcome.Fenced, _newer.Log.Append(2, Zxid(2, 4), Batch(2, 5, 5), out _));
        batches.AddRange([Batch(2, 1, 4), Batch(3, 1, 1)]);
        _older.Append(3, Zxid(2, 4), batches[^1]);
        AssertSame(batches, await _newer.ReadAsync());
    }

    [Fact]
    public async Task WriterGoesOnInTheNextEpochOnTheSameConnection()
    {
        Assert.True(await _older.Log.TryClaimEpochAsync(0, "test"));
        _older.Append(1, 0, Batch(1, 1, -2));
        var connection = await _schema.ExecuteAsync("SELECT connection FROM ledger");
        _older.Append(1, Zxid(1, -2), Batch(1, -1, -1));

        Assert.True(await _older.Log.TryClaimEpochAsync(1, "test"));
        _older.Append(2, Zxid(1, -1), Batch(2, 1, 1));

        Assert.Equal(connection, await _schema.ExecuteAsync("SELECT connection FROM ledger"));
        Assert.Equal(Zxid(2, 1), await _newer.Log.ReadLastZxidAsync());
    }

    // Other tests share the server.
    private string InSchema(string sql) =>
        $"{sql} AND pid IN (SELECT pid FROM pg_locks WHERE relation = '{_schema.Name}.ledger'::regclass)";
}
