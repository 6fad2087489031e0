using System.Buffers.Binary;
using OrleansKeeper.Grains.Storage;
using static OrleansKeeper.Tests.Unit.Storage.LogFixture;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>What a crash or damage leaves in the write-ahead log: the part that is good is there, and the rest is reported.</summary>
public sealed class WriteAheadLogTests : IDisposable
{
    private const int HeaderBytes = 32;
    private const int FrameBytes = 24 + 8192;

    private readonly TemporaryFolder _folder = new();

    private string Crashed => _folder["crashed"];

    private string CrashedWal => Path.Combine(Crashed, "log.db-wal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CrashBetweenAppendsLosesNothingAndWarnsOfNothing()
    {
        var batches = await CrashAsync(20);

        using var recovered = new SqliteLogFixture(Crashed);
        AssertSame(batches, await recovered.ReadAsync());
        Assert.Empty(recovered.Warnings);
    }

    [Fact]
    public async Task TornLastFrameIsReportedAndEarlierBatchesAreThere()
    {
        var batches = await CrashAsync(20);
        using (var wal = new FileStream(CrashedWal, FileMode.Open))
            wal.SetLength(EndOfFrames() - 100);

        await AssertLosesTailAsync(batches, mostLost: 1);
    }

    [Fact]
    public async Task FlippedBitInTheLastCommitIsReportedAndEarlierBatchesAreThere()
    {
        var batches = await CrashAsync(20);
        FlipBit(EndOfFrames() - 200);

        await AssertLosesTailAsync(batches, mostLost: 1);
    }

    [Fact]
    public async Task DamageInTheMiddleWouldLoseAcknowledgedAppendsAndIsRefused()
    {
        await CrashAsync(20);
        FlipBit(EndOfFrames() - (5 * FrameBytes) - 200);

        var refusal = Assert.Throws<LogCorruptedException>(() => new SqliteLogFixture(Crashed));
        Assert.Contains("6 appends", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommitWithoutItsEndIsReported()
    {
        var batches = await CrashAsync(20, lastBytes: 100_000);
        using (var wal = new FileStream(CrashedWal, FileMode.Open))
            wal.SetLength(EndOfFrames() - FrameBytes);

        var warning = await AssertLosesTailAsync(batches, mostLost: 1);
        Assert.Contains("0 commits", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedHeaderWouldLoseEverythingAndIsRefused()
    {
        await CrashAsync(20);
        FlipBit(17);

        // Without its header SQLite ignores all of the write-ahead log, here even the commits of the schema, of the first slots and of the claim.
        var refusal = Assert.Throws<LogCorruptedException>(() => new SqliteLogFixture(Crashed));
        Assert.Contains("at offset 0", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("24 appends", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<List<LogBatch>> CrashAsync(int count, int lastBytes = 300)
    {
        using var fixture = new SqliteLogFixture(_folder["running"]);
        var batches = await fixture.FillAsync(count);
        batches.Add(Batch(1, count + 1, count + 1, lastBytes));
        fixture.Append(1, Zxid(1, count), batches[^1]);
        SqliteLogFixture.CopyFiles(_folder["running"], Crashed);
        return batches;
    }

    private async Task<string> AssertLosesTailAsync(List<LogBatch> batches, int mostLost)
    {
        List<LogBatch> read;
        string warning;
        using (var recovered = new SqliteLogFixture(Crashed))
        {
            read = await recovered.ReadAsync();
            warning = Assert.Single(recovered.Warnings);
            Assert.InRange(read.Count, batches.Count - mostLost, batches.Count - 1);
            AssertSame(batches[..read.Count], read);

            var last = read[^1].LastZxid;
            recovered.Append(1, last, Batch(1, (int)last + 1, (int)last + 3));
        }

        using var again = new SqliteLogFixture(Crashed);
        Assert.Equal(read.Count + 1, (await again.ReadAsync()).Count);
        Assert.Empty(again.Warnings);
        return warning;
    }

    private void FlipBit(long offset)
    {
        using var wal = new FileStream(CrashedWal, FileMode.Open);
        wal.Position = offset;
        var value = wal.ReadByte();
        wal.Position = offset;
        wal.WriteByte((byte)(value ^ 16));
    }

    /// <summary>Where the frames end and the zeros begin.</summary>
    private long EndOfFrames()
    {
        var wal = File.ReadAllBytes(CrashedWal);
        var end = HeaderBytes;
        while (end + FrameBytes <= wal.Length && BinaryPrimitives.ReadUInt32BigEndian(wal.AsSpan(end)) != 0)
            end += FrameBytes;
        return end;
    }
}
