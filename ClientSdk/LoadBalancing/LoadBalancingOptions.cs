namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>How requests are spread over the servers of a service.</summary>
public sealed class LoadBalancingOptions
{
    /// <summary>How a server is chosen.</summary>
    public LoadBalancingStrategy Strategy { get; set; } = LoadBalancingStrategy.FewestVisits;

    /// <summary>
    /// For <see cref="LoadBalancingStrategy.FewestVisits"/>: below which znode the counters are, in the same order as the services are
    /// below their parent: <c>/visits/orders/server-0000000002</c>.
    /// </summary>
    public string VisitsRoot { get; set; } = "/visits";

    /// <summary>How often a client adds its visits to the counters and reads the others', on average.</summary>
    public TimeSpan ExchangeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a counter to which nothing is added stays, so that those of servers that are gone go too.</summary>
    public TimeSpan CounterLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Strategy))
        {
            var strategies = string.Join(", ", Enum.GetNames<LoadBalancingStrategy>());
            throw new ArgumentException($"{nameof(Strategy)} is {Strategy}, which is not one of {strategies}.");
        }
        if (ExchangeInterval < TimeSpan.FromMilliseconds(10))
            throw new ArgumentException($"{nameof(ExchangeInterval)} is {ExchangeInterval}; it has to be at least 10 ms.");
        if (CounterLifetime < ExchangeInterval)
            throw new ArgumentException($"{nameof(CounterLifetime)} is {CounterLifetime}; it has to be longer than {nameof(ExchangeInterval)}.");
    }

    internal IServerSelector CreateSelector() => Strategy switch
    {
        LoadBalancingStrategy.LeastOutstanding => new LeastOutstandingSelector(),
        LoadBalancingStrategy.RoundRobin => new RoundRobinSelector(),
        _ => new FewestVisitsSelector(),
    };
}
