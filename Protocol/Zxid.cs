namespace OrleansKeeper.Protocol;

/// <summary>A transaction's number in the total order: the epoch in the upper 32 bits, a counter in the lower.</summary>
public static class Zxid
{
    /// <summary>The number of a transaction.</summary>
    public static long Of(int epoch, uint counter) => ((long)epoch << 32) | counter;

    /// <summary>The epoch of a transaction.</summary>
    public static int EpochOf(long zxid) => (int)(zxid >> 32);

    /// <summary>The counter of a transaction within its epoch.</summary>
    public static uint CounterOf(long zxid) => (uint)zxid;
}
