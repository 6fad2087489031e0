namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>How a client chooses among the servers of a service.</summary>
public enum LoadBalancingStrategy
{
    /// <summary>The server with the fewest visits of all clients, whose counts are kept in the service
    /// (<see cref="FewestVisitsSelector"/>).</summary>
    FewestVisits,

    /// <summary>The server with the fewest requests of this client under way (<see cref="LeastOutstandingSelector"/>).</summary>
    LeastOutstanding,

    /// <summary>One server after the other (<see cref="RoundRobinSelector"/>).</summary>
    RoundRobin,
}
