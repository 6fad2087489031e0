namespace OrleansKeeper.Grains.Clustering;

/// <summary>A row of the log on its way to another silo.</summary>
/// <param name="PreviousZxid">The zxid that it follows, so that a receiver sees a gap.</param>
/// <param name="LastZxid">Its own last zxid.</param>
/// <param name="Payload">Its transactions, as they stand in the log.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.FeedBatch")]
internal sealed record FeedBatch(
    [property: Id(0)] long PreviousZxid,
    [property: Id(1)] long LastZxid,
    [property: Id(2)] ReadOnlyMemory<byte> Payload);
