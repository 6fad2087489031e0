using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;

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
            (fault.Silos.Contains(connection.Server) || IsolatesTheRest(run, fault))
            && fault.Began < connection.Ended && connection.Opened < fault.Ended)
        where !run.Ends.Any(end => EndedWith(run, connection, end))
        select $"Ended by a silo that had no fault: {connection}; the faults: {string.Join("; ", run.LastFaults(connection.Ended))}";

    private static bool IsolatesTheRest(ClusterRecord run, FaultRecord fault) =>
        fault.KeptSilosApart && fault.Silos.Length >= run.Connections.Select(connection => connection.Server).Distinct().Count() - 1;

    // Whether the silo may end by itself is for another check to say; when it does, its connections go with it.
    private static bool EndedWith(ClusterRecord run, ConnectionRecord connection, SiloEnd end) =>
        end.Silo == connection.Server
        && run.LastFaults(end.Noticed).Select(fault => fault.Began).FirstOrDefault() < connection.Ended
        && connection.Opened < end.Noticed;
}
