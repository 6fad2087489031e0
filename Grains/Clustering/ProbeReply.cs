namespace OrleansKeeper.Grains.Clustering;

/// <summary>What a silo knows of the sequencer.</summary>
/// <param name="IsHolder">It is the sequencer's silo itself, or about to be.</param>
/// <param name="Epoch">The latest epoch that it knows.</param>
/// <param name="HolderSilence">How long it has heard nothing of the holder of that epoch.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.ProbeReply")]
internal sealed record ProbeReply(
    [property: Id(0)] bool IsHolder,
    [property: Id(1)] int Epoch,
    [property: Id(2)] TimeSpan HolderSilence);
