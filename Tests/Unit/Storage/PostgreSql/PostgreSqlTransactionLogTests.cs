using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

public sealed class PostgreSqlTransactionLogTests : TransactionLogTests
{
    private readonly TestSchema _schema = TestSchema.Shared();

    [Theory]
    [InlineData("UPDATE transaction_log SET payload = set_byte(payload, 7, get_byte(payload, 7) # 4) WHERE first_zxid = 4294967299", "0x100000003")]
    [InlineData("UPDATE transaction_log SET checksum = checksum + 1 WHERE first_zxid = 4294967299", "0x100000003")]
    [InlineData("UPDATE transaction_log SET first_zxid = first_zxid - 1 WHERE first_zxid = 4294967299", "0x100000002")]
    [InlineData("DELETE FROM transaction_log WHERE first_zxid = 4294967299", "0x100000004")]
    [InlineData("DELETE FROM transaction_log WHERE first_zxid = 4294967297", "0x100000002")]
    [InlineData("DELETE FROM transaction_log WHERE first_zxid = 4294967301", "0x100000005")]
    public async Task DamageIsRefused(string damage, string where)
    {
        using var fixture = Open();
        await fixture.FillAsync(5);
        await _schema.ExecuteAsync(damage);

        var exception = await Assert.ThrowsAsync<LogCorruptedException>(() => fixture.ReadAsync());
        Assert.Contains(_schema.Name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(where, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrimmingKeepsWhatTheTablesDoNotHave()
    {
        using var fixture = Open();
        var batches = await fixture.FillAsync(5);
        await _schema.ExecuteAsync($"UPDATE checkpoint SET mark = {Zxid(1, 2)}");

        await fixture.Log.TrimAsync(Zxid(1, 4));

        AssertSame(batches[2..], await fixture.ReadAsync(Zxid(1, 2)));
        await Assert.ThrowsAsync<LogTrimmedException>(() => fixture.ReadAsync(Zxid(1, 1)));
    }

    [Fact]
    public async Task AppendsDoNotWaitForATrimmerOrACheckpointThatIsStopped()
    {
        using var fixture = Open();
        await fixture.FillAsync(3);
        await using var stopped = await _schema.ConnectAsync();
        await TestSchema.ExecuteAsync(stopped, "BEGIN; UPDATE log_trim SET trimmed_zxid = 1; UPDATE checkpoint SET epoch = 1");

        fixture.Append(1, Zxid(1, 3), Batch(1, 4, 4));
    }

    private protected override LogFixture Open()
    {
        var fixture = new PostgreSqlLogFixture(_schema);

        // The contract's tests trim without a checkpoint.
        _schema.Execute($"UPDATE checkpoint SET mark = {long.MaxValue}");
        return fixture;
    }
}
