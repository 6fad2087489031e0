namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>A fault that was put on some silos, and from when to when they could feel it.</summary>
internal sealed record FaultRecord(FaultKind Kind, int[] Silos, bool HadSequencer, long Began, long Ended)
{
    /// <summary>
    /// Whether it kept silos from hearing each other, for which membership may declare any of them dead. Losing the database does not: the
    /// silos ask each other whether they are alive, and nobody ends because the row has become old that says so.
    /// </summary>
    public bool KeptSilosApart =>
        Kind is FaultKind.CutFromSilos or FaultKind.StallFromSilos or FaultKind.StallFromAll or FaultKind.Pause;

    public override string ToString() =>
        $"{Kind} of silo {string.Join(", ", Silos)}{(HadSequencer ? " with the sequencer" : "")} [{Began}, {Ended}]";
}
