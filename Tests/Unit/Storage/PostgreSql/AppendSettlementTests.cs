using Npgsql;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.PostgreSql;
using OrleansKeeper.Tests.Databases;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

/// <summary>What an append says became of the batch is what became of it, however the connection to the database breaks.</summary>
public sealed class AppendSettlementTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly TestSchema _schema = TestSchema.Shared();
    private readonly DatabaseProxy _proxy;

    public AppendSettlementTests() => _proxy = new DatabaseProxy(new NpgsqlConnectionStringBuilder(_schema.ConnectionString).Port);

    public void Dispose() => _proxy.Dispose();

    [Fact]
    public async Task ConnectionThatBrokeBetweenAppendsIsOpenedAgain()
    {
        using var fixture = new PostgreSqlLogFixture(_schema);
        var batches = await fixture.FillAsync(2);
        await _schema.ExecuteAsync("SELECT pg_terminate_backend(backend_pid) FROM ledger");

        batches.Add(Batch(1, 3, 3));
        fixture.Append(1, Zxid(1, 2), batches[^1]);

        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task AppendWhoseBackendIsEndedInTheMiddleIsAppendedOnce()
    {
        using var fixture = new PostgreSqlLogFixture(_schema);
        var batches = await fixture.FillAsync(2);
        var backend = await _schema.ExecuteAsync("SELECT backend_pid FROM ledger");
        await using var blocking = await _schema.ConnectAsync();
        await TestSchema.ExecuteAsync(blocking, "BEGIN; SELECT 1 FROM ledger FOR UPDATE");

        batches.Add(Batch(1, 3, 3));
        var append = Task.Run(() => fixture.Append(1, Zxid(1, 2), batches[^1]));
        await _schema.EventuallyAsync($"SELECT count(*) > 0 FROM pg_stat_activity WHERE pid = {backend} AND wait_event_type = 'Lock'");
        await TestSchema.ExecuteAsync(blocking, $"SELECT pg_terminate_backend({backend})");
        await TestSchema.ExecuteAsync(blocking, "COMMIT");

        await append;
        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task AppendWhoseAnswerIsLostIsFoundInTheLog()
    {
        using var fixture = new PostgreSqlLogFixture(_schema, port: _proxy.Port);
        var batches = await fixture.FillAsync(2);
        batches.Add(Batch(1, 3, 3));
        _proxy.HoldReplies();
        var append = Task.Run(() => fixture.Append(1, Zxid(1, 2), batches[^1]));
        await _schema.EventuallyAsync($"SELECT last_zxid = {Zxid(1, 3)} FROM ledger");
        _proxy.LetNewConnectionsPass();
        _proxy.Cut();

        await append;
        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task ConnectionThatIsNotTheWritersAnyMoreAppendsNothing()
    {
        using var fixture = new PostgreSqlLogFixture(_schema);
        await fixture.FillAsync(1);
        using var database = _schema.Open();
        using var earlier = new LedgerConnection(database.OpenLedgerConnection());
        using var later = new LedgerConnection(database.OpenLedgerConnection());
        var writer = (long)(await _schema.ExecuteAsync("SELECT writer FROM ledger"))!;
        earlier.Register(1, writer);
        later.Register(1, writer);
        var batch = Batch(1, 2, 2);
        var checksum = LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span);

        Assert.False(earlier.Append(1, Zxid(1, 1), batch, checksum, timeoutSeconds: 10));
        Assert.True(later.Append(1, Zxid(1, 1), batch, checksum, timeoutSeconds: 10));
    }

    [Fact]
    public async Task StatementThatArrivesLateAppendsNothing()
    {
        using var fixture = new PostgreSqlLogFixture(_schema, Moment, _proxy.Port);
        var batches = await fixture.FillAsync(2);
        var backend = await _schema.ExecuteAsync("SELECT backend_pid FROM ledger");
        var held = _proxy.HoldRequests();

        // The first statement stays in the network; the writer loses patience, and says that it does not know.
        Assert.Equal(AppendOutcome.InDoubt, fixture.Log.Append(1, Zxid(1, 2), Batch(1, 3, 3), out var failure));
        Assert.NotNull(failure);

        // Everything goes on without it, on another connection, with other transactions under the same zxids.
        _proxy.LetNewConnectionsPass();
        batches.Add(Batch(1, 3, 4));
        Assert.Equal(AppendOutcome.Appended, AppendWithPatience(fixture, 1, Zxid(1, 2), batches[^1]));

        held.SetResult();
        await _schema.EventuallyAsync($"SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = {backend}");
        AssertSame(batches, await fixture.ReadAsync());
        Assert.Equal(AppendOutcome.Appended, AppendWithPatience(fixture, 1, Zxid(1, 4), Batch(1, 5, 5)));
    }

    [Fact]
    public async Task BatchInDoubtThatIsInTheLogIsAnsweredWithBehind()
    {
        using var fixture = new PostgreSqlLogFixture(_schema, Moment, _proxy.Port);
        var batches = await fixture.FillAsync(2);
        batches.Add(Batch(1, 3, 4));
        _proxy.HoldReplies();
        var append = Task.Run(() => fixture.Log.Append(1, Zxid(1, 2), batches[^1], out _));
        await _schema.EventuallyAsync($"SELECT last_zxid = {Zxid(1, 4)} FROM ledger");
        _proxy.Refuse(true);
        _proxy.Cut();
        Assert.Equal(AppendOutcome.InDoubt, await append);

        // As long as the database is away, nothing else is even tried.
        Assert.Equal(AppendOutcome.Failed, fixture.Log.Append(1, Zxid(1, 2), Batch(1, 3, 3), out var failure));
        Assert.NotNull(failure);

        _proxy.LetNewConnectionsPass();
        _proxy.Refuse(false);
        Assert.Equal(AppendOutcome.Behind, AppendWithPatience(fixture, 1, Zxid(1, 2), Batch(1, 3, 3)));
        AssertSame(batches[2..], await fixture.ReadAsync(Zxid(1, 2)));
        batches.Add(Batch(1, 5, 5));
        Assert.Equal(AppendOutcome.Appended, AppendWithPatience(fixture, 1, Zxid(1, 4), batches[^1]));
        AssertSame(batches, await fixture.ReadAsync());
    }

    [Fact]
    public async Task ClaimWhoseAnswerIsLostIsKnownToHaveSucceeded()
    {
        using var fixture = new PostgreSqlLogFixture(_schema, port: _proxy.Port);
        await fixture.FillAsync(1);
        _proxy.HoldReplies();
        var claim = fixture.Log.TryClaimEpochAsync(1, "again").AsTask();
        await _schema.EventuallyAsync("SELECT epoch = 2 FROM ledger");
        _proxy.LetNewConnectionsPass();
        _proxy.Cut();

        Assert.True(await claim);
        fixture.Append(2, Zxid(1, 1), Batch(2, 1, 1));
    }

    [Fact]
    public async Task ClaimThatWasGivenUpIsKnownToHaveSucceededWhenItIsRepeated()
    {
        using var fixture = new PostgreSqlLogFixture(_schema, Moment, _proxy.Port);
        await fixture.FillAsync(1);
        _proxy.HoldReplies();
        var claim = fixture.Log.TryClaimEpochAsync(1, "again").AsTask();
        await _schema.EventuallyAsync("SELECT epoch = 2 FROM ledger");
        _proxy.Refuse(true);
        _proxy.Cut();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => claim);

        _proxy.LetNewConnectionsPass();
        _proxy.Refuse(false);
        Assert.True(await ClaimWithPatienceAsync(fixture, 1));
        Assert.Equal(AppendOutcome.Appended, AppendWithPatience(fixture, 2, Zxid(1, 1), Batch(2, 1, 1)));
        Assert.False(await ClaimWithPatienceAsync(fixture, 1));
    }

    [Fact]
    public async Task AppendsWaitForAServerThatRestartsAndFailWhenItStaysAway()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        var schema = new TestSchema(server);
        using var patient = new PostgreSqlLogFixture(schema);
        var batches = await patient.FillAsync(2);
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var appending = Task.Run(() =>
        {
            // Until some more were appended behind the restart.
            for (var left = 20; left > 0; left -= restarted.Task.IsCompleted ? 1 : 0)
            {
                var next = (int)(batches[^1].LastZxid + 1);
                batches.Add(Batch(1, next, next));
                patient.Append(1, batches[^2].LastZxid, batches[^1]);
            }
        });
        await schema.EventuallyAsync($"SELECT last_zxid > {Zxid(1, 30)} FROM ledger");
        await server.StopAsync();
        await server.StartAgainAsync();
        restarted.SetResult();
        await appending;
        AssertSame(batches, await patient.ReadAsync());

        using var impatient = new PostgreSqlLogFixture(schema, Moment);
        Assert.True(await impatient.Log.TryClaimEpochAsync(1, "impatient"));
        await server.StopAsync();

        // The first one may have been sent before the connection was seen to be broken.
        AppendOutcome[] notAppended = [AppendOutcome.Failed, AppendOutcome.InDoubt];
        Assert.Contains(impatient.Log.Append(2, batches[^1].LastZxid, Batch(2, 1, 1), out _), notAppended);
        Assert.Equal(AppendOutcome.Failed, impatient.Log.Append(2, batches[^1].LastZxid, Batch(2, 1, 1), out var failure));
        Assert.IsAssignableFrom<NpgsqlException>(failure);
        await server.StartAgainAsync();
        Assert.Equal(AppendOutcome.Appended, AppendWithPatience(impatient, 2, batches[^1].LastZxid, Batch(2, 1, 1)));
    }

    private static async Task<bool> ClaimWithPatienceAsync(PostgreSqlLogFixture fixture, int expectedEpoch)
    {
        for (var left = 20; ; left--)
        {
            try
            {
                return await fixture.Log.TryClaimEpochAsync(expectedEpoch, "again");
            }
            catch (DatabaseUnavailableException) when (left > 0)
            {
                // The machine was too slow for the log's patience.
            }
        }
    }

    /// <summary>Appends again as long as the outcome is only that the machine was too slow for the log's patience.</summary>
    private static AppendOutcome AppendWithPatience(PostgreSqlLogFixture fixture, int epoch, long previousZxid, LogBatch batch)
    {
        var outcome = AppendOutcome.Failed;
        for (var left = 20; left > 0 && outcome is (AppendOutcome.Failed or AppendOutcome.InDoubt); left--)
            outcome = fixture.Log.Append(epoch, previousZxid, batch, out _);
        return outcome;
    }
}
