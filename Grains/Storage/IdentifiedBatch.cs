namespace OrleansKeeper.Grains.Storage;

/// <summary>What tells a batch from every other one.</summary>
internal readonly record struct IdentifiedBatch(long FirstZxid, long LastZxid, long Checksum)
{
    public static IdentifiedBatch Of(in LogBatch batch) =>
        new(batch.FirstZxid, batch.LastZxid, LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span));
}
