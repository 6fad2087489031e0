namespace OrleansKeeper.Grains.Clustering;

/// <summary>Where an epoch begins, and who orders in it.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Holder">The silo that claimed it.</param>
/// <param name="BaseZxid">The last zxid of all epochs before: nothing of them comes behind it any more (rule R3).</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.EpochBeginning")]
internal sealed record EpochBeginning(
    [property: Id(0)] int Epoch,
    [property: Id(1)] SiloAddress Holder,
    [property: Id(2)] long BaseZxid);
