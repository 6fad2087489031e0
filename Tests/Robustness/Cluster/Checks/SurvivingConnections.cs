using OrleansKeeper.Tests.Robustness.Cluster.Faults;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>What befalls one silo ends no connection with another one.</summary>
internal static class SurvivingConnections
{
    public static IEnumerable<string> Violations(ClusterRecord run) =>
        from connection in run.Connections
        where connection.IsEndedByServer
        where !run.Faults.Any(fault =>
            fault.Silos.Contains(connection.Server) && fault.Began < connection.Ended && connection.Opened < fault.Ended)
        select $"Ended by a silo that had no fault: {connection}; the faults: {Describe(run.Faults, connection.Ended)}";

    private static string Describe(FaultRecord[] faults, long at) =>
        string.Join("; ", faults.Where(fault => fault.Began < at).OrderBy(fault => fault.Began).TakeLast(2));
}
