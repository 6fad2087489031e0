namespace OrleansKeeper.Tests.Robustness.Cluster.Faults;

/// <summary>What befalls the cluster next.</summary>
/// <param name="Progress">How many operations are answered before.</param>
/// <param name="Kind">What it is.</param>
/// <param name="WithSequencer">Whether the silo with the sequencer is the first that it befalls.</param>
/// <param name="FirstSilo">Otherwise this silo is.</param>
/// <param name="SiloCount">How many silos.</param>
/// <param name="Duration">For how long.</param>
internal sealed record PlannedFault(int Progress, FaultKind Kind, bool WithSequencer, int FirstSilo, int SiloCount, TimeSpan Duration);
