using System.Numerics;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>
/// Counts latencies in buckets that are at most 1/64 of their value wide, so that recording one costs an increment and no memory,
/// however many there are.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] _counts = new long[(64 - SubBucketBits) * SubBuckets];

    public long Count { get; private set; }

    public long Largest { get; private set; }

    public void Record(long nanoseconds)
    {
        _counts[BucketOf(nanoseconds)]++;
        Count++;
        if (nanoseconds > Largest)
            Largest = nanoseconds;
    }

    public void Reset()
    {
        Array.Clear(_counts);
        Count = 0;
        Largest = 0;
    }

    /// <summary>The latency in nanoseconds that this share of all did not exceed.</summary>
    public long Quantile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            rank -= _counts[bucket];
            if (rank <= 0)
                return Math.Min(UpperBoundOf(bucket), Largest);
        }

        return Largest;
    }

    private static int BucketOf(long value)
    {
        if (value < SubBuckets)
            return (int)Math.Max(0, value);
        var shift = BitOperations.Log2((ulong)value) - SubBucketBits;
        return (shift + 1) * SubBuckets + (int)((value >> shift) - SubBuckets);
    }

    private static long UpperBoundOf(int bucket)
    {
        if (bucket < SubBuckets)
            return bucket;
        var shift = bucket / SubBuckets - 1;
        return ((SubBuckets + bucket % SubBuckets + 1L) << shift) - 1;
    }
}
