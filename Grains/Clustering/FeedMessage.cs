namespace OrleansKeeper.Grains.Clustering;

/// <summary>What the sequencer's silo tells another one: all that happened since its last message, or that nothing did.</summary>
/// <param name="Epoch">The epoch, and where it begins.</param>
/// <param name="Batches">What was appended, in order.</param>
/// <param name="Rejections">What was taken and not appended.</param>
/// <param name="IsIncomplete">The receiver is so far behind that it has to read the log.</param>
/// <param name="Mark">Everything up to this zxid is in the tables.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.FeedMessage")]
internal sealed record FeedMessage(
    [property: Id(0)] EpochBeginning Epoch,
    [property: Id(1)] IReadOnlyList<FeedBatch> Batches,
    [property: Id(2)] IReadOnlyList<FeedRejection> Rejections,
    [property: Id(3)] bool IsIncomplete,
    [property: Id(4)] long Mark);
