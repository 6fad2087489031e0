namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>A fault that was put on some silos, and from when to when they could feel it.</summary>
internal sealed record FaultRecord(FaultKind Kind, int[] Silos, bool HadSequencer, long Began, long Ended)
{
    public override string ToString() =>
        $"{Kind} of silo {string.Join(", ", Silos)}{(HadSequencer ? " with the sequencer" : "")} [{Began}, {Ended}]";
}
