using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

/// <summary>How the log's segments are filled and emptied: <c>LogSegments.sql</c>.</summary>
public sealed class LogSegmentsTests : IDisposable
{
    private const int Megabyte = 1 << 20;

    private const string IsWaitedFor =
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'transaction_log_0'::regclass AND NOT granted)";

    private readonly TestSchema _schema = TestSchema.Shared();
    private readonly PostgreSqlLogFixture _fixture;

    public LogSegmentsTests()
    {
        _fixture = new PostgreSqlLogFixture(_schema);
        _schema.Execute($"UPDATE checkpoint SET mark = {long.MaxValue}");
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task SpaceOfWhatIsTrimmedIsUsedAgain()
    {
        var batches = await FillAndTrimAsync(120, kept: 10);

        AssertSame(batches[110..], await _fixture.ReadAsync(Zxid(1, 110)));
        await Assert.ThrowsAsync<LogTrimmedException>(() => _fixture.ReadAsync(Zxid(1, 109)));
        Assert.InRange(await ReadBytesAsync(), 10 * Megabyte, 48 * Megabyte);
    }

    [Fact]
    public async Task LogOfWhichMuchIsKeptHasLargerSegments()
    {
        var batches = await FillAndTrimAsync(180, kept: 120);

        AssertSame(batches[60..], await _fixture.ReadAsync(Zxid(1, 60)));
        Assert.InRange(await ReadBytesAsync(), 120 * Megabyte, 180 * Megabyte);
    }

    [Fact]
    public async Task SegmentThatIsBeingReadIsEmptiedLater()
    {
        var batches = await _fixture.FillAsync(40, Megabyte);
        await _fixture.Log.TrimAsync(Zxid(1, 30));
        Append(batches, 41);
        await using (var backup = await _schema.ConnectAsync())
        {
            await TestSchema.ExecuteAsync(backup, "BEGIN; SELECT count(*) FROM transaction_log");

            await _fixture.Log.TrimAsync(Zxid(1, 40));
            Append(batches, 42);
            AssertSame(batches[40..], await _fixture.ReadAsync(Zxid(1, 40)));
            Assert.InRange(await ReadBytesAsync(), 40 * Megabyte, 60 * Megabyte);
        }

        await _fixture.Log.TrimAsync(Zxid(1, 40));
        AssertSame(batches[40..], await _fixture.ReadAsync(Zxid(1, 40)));
        Assert.InRange(await ReadBytesAsync(), 0, 10 * Megabyte);
    }

    [Fact]
    public async Task SegmentToWhichAnAppendIsGoingIsNotEmptied()
    {
        var batches = await _fixture.FillAsync(40, Megabyte);
        await _fixture.Log.TrimAsync(Zxid(1, 30));
        Append(batches, 41);

        // One that began before the log went on in the next segment.
        batches.Add(Batch(1, 42, 42));
        await using (var late = await _schema.ConnectAsync())
        {
            await TestSchema.AppendAndHoldAsync(late, batches[^1]);
            var trimming = _fixture.Log.TrimAsync(Zxid(1, 40)).AsTask();

            // It looks again when it has waited, or does not wait for so long.
            while (!trimming.IsCompleted && await _schema.ExecuteAsync(IsWaitedFor) is false)
                await Task.Yield();
            await TestSchema.ExecuteAsync(late, "COMMIT");
            await trimming;
        }

        AssertSame(batches[40..], await _fixture.ReadAsync(Zxid(1, 40)));
        await _fixture.Log.TrimAsync(Zxid(1, 41));
        AssertSame(batches[41..], await _fixture.ReadAsync(Zxid(1, 41)));
        Append(batches, 43);
        AssertSame(batches[41..], await _fixture.ReadAsync(Zxid(1, 41)));
    }

    [Fact]
    public async Task LastBatchStaysWhicheverSegmentItIsIn()
    {
        var batches = await _fixture.FillAsync(40, Megabyte);
        await _fixture.Log.TrimAsync(Zxid(1, 40));
        Assert.NotEqual((short)0, await _schema.ExecuteAsync("SELECT segment FROM log_trim"));

        await _fixture.Log.TrimAsync(Zxid(1, 40));
        AssertSame(batches[39..], await _fixture.ReadAsync(Zxid(1, 39)));
    }

    /// <summary>Appends so many batches, and trims behind each what is further back than so many.</summary>
    private async Task<List<LogBatch>> FillAndTrimAsync(int count, int kept)
    {
        var batches = await _fixture.FillAsync(1, Megabyte);
        for (var number = 2; number <= count; number++)
        {
            Append(batches, number);
            await _fixture.Log.TrimAsync(Zxid(1, Math.Max(0, number - kept)));
        }

        return batches;
    }

    private void Append(List<LogBatch> batches, int number)
    {
        batches.Add(Batch(1, number, number, Megabyte));
        _fixture.Append(1, Zxid(1, number - 1), batches[^1]);
    }

    private async Task<long> ReadBytesAsync() => Assert.IsType<long>(await _schema.ExecuteAsync(
        "SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'transaction_log'::regclass"));
}
