using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>A request that the sequencer took and that did not become a transaction.</summary>
/// <param name="Submitter">The name of the silo that submitted it.</param>
/// <param name="Number">Its number at that silo.</param>
/// <param name="Error">Why; with <see cref="ErrorCode.ConnectionLoss"/> nobody knows yet whether it is in the log after all.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.FeedRejection")]
internal sealed record FeedRejection(
    [property: Id(0)] string Submitter,
    [property: Id(1)] long Number,
    [property: Id(2)] ErrorCode Error);
