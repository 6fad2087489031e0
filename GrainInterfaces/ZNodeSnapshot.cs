using OrleansKeeper.Protocol;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>A znode as of one moment.</summary>
/// <param name="Data">Its data; null when it was given null. Not to be changed.</param>
/// <param name="Stat">Its Stat.</param>
/// <param name="Zxid">The transaction as of which this is its state.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.ZNodeSnapshot")]
public sealed record ZNodeSnapshot(
    [property: Id(0)] byte[]? Data,
    [property: Id(1)] Stat Stat,
    [property: Id(2)] long Zxid);
