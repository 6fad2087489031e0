namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>A batch as it stands in a row of the log.</summary>
internal readonly ref struct LoggedBatch(long firstZxid, long lastZxid, long checksum, ReadOnlySpan<byte> payload)
{
    public long FirstZxid { get; } = firstZxid;

    public long LastZxid { get; } = lastZxid;

    /// <summary>The checksum that was stored with it.</summary>
    public long Checksum { get; } = checksum;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
