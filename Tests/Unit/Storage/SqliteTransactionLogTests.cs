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

    private protected override LogFixture Open() => new SqliteLogFixture(_folder.Path);
}
