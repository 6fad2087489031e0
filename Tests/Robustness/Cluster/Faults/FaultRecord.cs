namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>A fault that was put on some silos, and from when to when they could feel it.</summary>
internal sealed record FaultRecord(FaultKind Kind, int[] Silos, bool HadSequencer, long Began, long Ended)
{
    /// <summary>The silos that others declared dead, and that ended themselves.</summary>
    public int[] GivenUp { get; init; } = [];

    public override string ToString() =>
        $"{Kind} of silo {string.Join(", ", Silos)}{(HadSequencer ? " with the sequencer" : "")} [{Began}, {Ended}]" +
        (GivenUp.Length == 0 ? "" : $" gave up silo {string.Join(", ", GivenUp)}");
}
