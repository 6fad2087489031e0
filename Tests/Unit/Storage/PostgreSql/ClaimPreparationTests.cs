using Npgsql;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.PostgreSql;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

/// <summary>A silo that may have to take over has a connection ready, and nobody waits for the preparation.</summary>
public sealed class ClaimPreparationTests : IDisposable
{
    private readonly TestSchema _schema = TestSchema.Shared();
    private readonly DatabaseProxy _proxy;
    private readonly PostgreSqlLogFixture _fixture;

    public ClaimPreparationTests()
    {
        _proxy = new DatabaseProxy(new NpgsqlConnectionStringBuilder(_schema.ConnectionString).Port);
        _fixture = new PostgreSqlLogFixture(_schema, port: _proxy.Port);
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _proxy.Dispose();
    }

    [Fact]
    public async Task ClaimAndAppendNeedNoNewConnection()
    {
        Assert.True(await _fixture.Log.PrepareToClaimAsync());
        var connections = _proxy.Accepted;

        Assert.True(await _fixture.Log.PrepareToClaimAsync());
        await _fixture.FillAsync(2);

        Assert.Equal(connections, _proxy.Accepted);
    }

    [Fact]
    public async Task ConnectionThatBrokeIsNoticedAndReplaced()
    {
        Assert.True(await _fixture.Log.PrepareToClaimAsync());
        _proxy.Cut();
        Assert.True(await _fixture.Log.PrepareToClaimAsync());
        var connections = _proxy.Accepted;

        await _fixture.FillAsync(2);

        Assert.Equal(connections, _proxy.Accepted);
    }

    [Fact]
    public async Task DatabaseThatIsAwayIsSaidToBeAndFoundAgain()
    {
        using var fixture = new PostgreSqlLogFixture(_schema, patience: TimeSpan.FromSeconds(2), port: _proxy.Port);
        Assert.True(await fixture.Log.PrepareToClaimAsync());
        _proxy.Refuse(true);
        _proxy.Cut();
        Assert.False(await fixture.Log.PrepareToClaimAsync());
        Assert.False(await fixture.Log.PrepareToClaimAsync());
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => fixture.Log.ReadLastZxidAsync().AsTask());

        _proxy.Refuse(false);
        Assert.True(await fixture.Log.PrepareToClaimAsync());
        await fixture.FillAsync(2);
        Assert.Equal(Zxid(1, 2), await fixture.Log.ReadLastZxidAsync());
    }

    [Fact]
    public async Task ClaimIsMadeOnAnotherConnectionWhileOneIsLookedAt()
    {
        Assert.True(await _fixture.Log.PrepareToClaimAsync());
        _proxy.HoldReplies();
        var preparing = _fixture.Log.PrepareToClaimAsync().AsTask();
        await _proxy.Holding.WaitAsync(TimeSpan.FromSeconds(30));
        _proxy.LetNewConnectionsPass();

        var batches = await _fixture.FillAsync(2);
        Assert.True(await preparing);

        batches.Add(Batch(1, 3, 3));
        _fixture.Append(1, Zxid(1, 2), batches[^1]);
        AssertSame(batches, await _fixture.ReadAsync());
    }

    [Fact]
    public async Task HolderThatPreparesAppendsOn()
    {
        var batches = await _fixture.FillAsync(2);
        var connections = _proxy.Accepted;
        Assert.True(await _fixture.Log.PrepareToClaimAsync());

        batches.Add(Batch(1, 3, 3));
        _fixture.Append(1, Zxid(1, 2), batches[^1]);

        Assert.Equal(connections, _proxy.Accepted);
        AssertSame(batches, await _fixture.ReadAsync());
    }

    [Fact]
    public void ConnectionThatWasAwayWhileAnotherAppendedAppendsAgain()
    {
        using var database = _schema.Open();
        using var writer = new LedgerWriter(database, TimeProvider.System);
        Assert.True(writer.TryClaimEpoch(0, "test"));
        var first = writer.TakeConnection();
        Assert.Equal(AppendOutcome.Appended, writer.Append(1, 0, Batch(1, 1, 1), out _));
        writer.TakeConnection()!.Dispose();

        writer.ReturnConnection(first!);

        Assert.Equal(AppendOutcome.Appended, writer.Append(1, Zxid(1, 1), Batch(1, 2, 2), out _));
    }

    [Fact]
    public async Task PreparationIsOverWhenTheLogIsClosed()
    {
        Assert.True(await _fixture.Log.PrepareToClaimAsync());
        _fixture.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _fixture.Log.PrepareToClaimAsync().AsTask());
    }
}
