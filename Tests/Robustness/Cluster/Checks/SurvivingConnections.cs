using OrleansKeeper.Tests.Robustness.Cluster.Faults;

namespace OrleansKeeper.Tests.Robustness.Cluster.Checks;

/// <summary>
/// What befalls one silo ends no connection with another one. A silo that cannot hear any of the others may have to let its clients go, and of
/// silos that do not hear each other membership keeps whichever has more votes, or speaks first.
/// </summary>
internal static class SurvivingConnections
{
    public static IEnumerable<string> Violations(ClusterRecord run) =>
        from connection in run.Connections
        where connection.IsEndedByServer
        where !run.Faults.Any(fault =>
            (fault.Silos.Contains(connection.Server) || IsolatesTheRest(run, fault) || GaveUp(run, fault, connection.Server))
            && fault.Began < connection.Ended && connection.Opened < fault.Ended)
        select $"Ended by a silo that had no fault: {connection}; the faults: {Describe(run.Faults, connection.Ended)}";

    private static bool IsolatesTheRest(ClusterRecord run, FaultRecord fault) =>
        fault.Kind is FaultKind.CutFromSilos or FaultKind.StallFromSilos or FaultKind.StallFromAll or FaultKind.Pause
        && fault.Silos.Length >= run.Connections.Select(connection => connection.Server).Distinct().Count() - 1;

    // Its process may take so long to end that it is started again only after the next fault.
    private static bool GaveUp(ClusterRecord run, FaultRecord fault, int silo)
    {
        var next = run.Faults.Where(later => later.Began > fault.Ended).MinBy(later => later.Began);
        return fault.Kind is FaultKind.CutFromSilos or FaultKind.StallFromSilos or FaultKind.StallFromAll
            && (fault.GivenUp.Contains(silo) || next?.GivenUp.Contains(silo) == true);
    }

    private static string Describe(FaultRecord[] faults, long at) =>
        string.Join("; ", faults.Where(fault => fault.Began < at).OrderBy(fault => fault.Began).TakeLast(2));
}
