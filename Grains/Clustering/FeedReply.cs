namespace OrleansKeeper.Grains.Clustering;

/// <summary>How far a silo is.</summary>
/// <param name="IsFollowing">It took the message. When false it knows a later epoch, or has not recovered yet.</param>
/// <param name="Epoch">The latest epoch that it knows.</param>
/// <param name="LastZxid">The last transaction that it has.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.FeedReply")]
internal sealed record FeedReply(
    [property: Id(0)] bool IsFollowing,
    [property: Id(1)] int Epoch,
    [property: Id(2)] long LastZxid);
