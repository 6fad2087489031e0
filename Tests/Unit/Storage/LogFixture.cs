using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>A transaction log of some provider, and batches for it.</summary>
internal abstract class LogFixture : IDisposable
{
    public abstract ITransactionLog Log { get; }

    /// <summary>What was complained of.</summary>
    public abstract IReadOnlyCollection<string> Warnings { get; }

    public static long Zxid(int epoch, int counter) => ((long)epoch << 32) | (uint)counter;

    /// <summary>A batch whose payload depends on its zxids.</summary>
    public static LogBatch Batch(int epoch, int first, int last, int bytes = 300)
    {
        var payload = new byte[bytes];
        new Random(HashCode.Combine(17 * epoch, 31 * first, last)).NextBytes(payload);
        return new LogBatch(Zxid(epoch, first), Zxid(epoch, last), payload);
    }

    /// <summary>Claims epoch 1 and appends batches of one transaction each.</summary>
    public async Task<List<LogBatch>> FillAsync(int count, int bytes = 300)
    {
        Assert.True(await Log.TryClaimEpochAsync(0, "test"));
        var batches = new List<LogBatch>();
        while (batches.Count < count)
            AppendNext(batches, bytes);
        return batches;
    }

    /// <summary>Appends a batch of one transaction behind those of <see cref="FillAsync"/>, and then adds it to them.</summary>
    public void AppendNext(List<LogBatch> batches, int bytes = 300)
    {
        var counter = batches.Count + 1;
        var batch = Batch(1, counter, counter, bytes);
        Append(1, batches.Count == 0 ? 0 : batches[^1].LastZxid, batch);
        batches.Add(batch);
    }

    public void Append(int epoch, long previousZxid, LogBatch batch)
    {
        var outcome = Log.Append(epoch, previousZxid, batch, out var failure);
        Assert.Null(failure);
        Assert.Equal(AppendOutcome.Appended, outcome);
    }

    public async Task<List<LogBatch>> ReadAsync(long after = 0)
    {
        var batches = new List<LogBatch>();
        await foreach (var batch in Log.ReadAfterAsync(after))
            batches.Add(batch);
        return batches;
    }

    public static void AssertSame(IEnumerable<LogBatch> expected, IEnumerable<LogBatch> actual) =>
        Assert.Equal(expected.Select(Describe), actual.Select(Describe));

    public abstract void Dispose();

    private static string Describe(LogBatch batch) => $"{batch.FirstZxid:x}-{batch.LastZxid:x} {Convert.ToHexString(batch.Payload.Span)}";
}
