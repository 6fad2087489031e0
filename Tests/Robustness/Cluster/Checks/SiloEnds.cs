using OrleansKeeper.Tests.Robustness.Cluster.Faults;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>A silo ends by itself only when it could not hear the others, or they could not hear it.</summary>
internal static class SiloEnds
{
    public static IEnumerable<string> Violations(ClusterRecord run) =>
        from end in run.Ends
        let crashed = end.Reason == SiloEndReason.Crash
        where crashed || !run.Faults.Any(fault => fault.KeptSilosApart && fault.Began < end.Noticed)
        select crashed
            ? $"Crashed: {end}; the faults: {Describe(run, end)}; it wrote last:\n{end.LastOutput}"
            : $"Ended although no fault had kept silos apart: {end}; the faults: {Describe(run, end)}";

    private static string Describe(ClusterRecord run, SiloEnd end) => string.Join("; ", run.LastFaults(end.Noticed));
}
