namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// A znode's children as a reply carries them: a Jute vector of names. Made once for all clients that list the same children,
/// which is what happens when a watch fires.
/// </summary>
/// <param name="Pzxid">The zxid of the last creation or deletion that the listing shows.</param>
/// <param name="Names">The encoded vector.</param>
internal sealed record ChildListing(long Pzxid, byte[] Names);
