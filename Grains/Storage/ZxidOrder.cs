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

    /// <exception cref="ArgumentException">The batch is not of the epoch, or does not follow.</exception>
    public static void DemandFollows(int epoch, long previousZxid, in LogBatch batch)
    {
        var isOfEpoch = batch.FirstZxid >> 32 == epoch && batch.LastZxid >> 32 == epoch;
        if (!isOfEpoch || batch.LastZxid < batch.FirstZxid || !Follows(batch.FirstZxid, previousZxid))
        {
            throw new ArgumentException(
                $"Zxids 0x{batch.FirstZxid:x} to 0x{batch.LastZxid:x} of epoch {epoch} do not follow zxid 0x{previousZxid:x}.", nameof(batch));
        }
    }
}
