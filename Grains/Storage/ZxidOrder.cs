namespace OrleansKeeper.Grains.Storage;

/// <summary>Which zxid may follow which: within an epoch the next one, in a later epoch the one that counts 1 (rule R1).</summary>
internal static class ZxidOrder
{
    public static bool Follows(long zxid, long previous)
    {
        var epoch = zxid >> 32;
        var previousEpoch = previous >> 32;
        return epoch == previousEpoch ? zxid == previous + 1 : epoch > previousEpoch && (uint)zxid == 1;
    }
}
