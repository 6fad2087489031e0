namespace OrleansKeeper.Grains.Storage;

/// <summary>A writer's epoch is not the latest: another sequencer took over.</summary>
internal sealed class EpochFencedException(int epoch) : InvalidOperationException($"Epoch {epoch} was taken over by a later one.")
{
    public int Epoch { get; } = epoch;
}
