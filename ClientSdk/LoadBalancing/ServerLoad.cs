using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>What a client knows of how busy a server is. Changed by many threads, without locks.</summary>
/// <param name="server">The server.</param>
/// <param name="visits">How many visits it has had, as far as is known.</param>
public sealed class ServerLoad(RegisteredServer server, double visits = 0)
{
    private int _outstanding;
    private double _known = visits;
    private double _weight = 1;
    private long _uncounted;

    /// <summary>The server.</summary>
    public RegisteredServer Server { get; private set; } = server;

    /// <summary>How many requests of this client are on their way to it.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>
    /// How many visits the server has had of all clients: the counter in the service when it was last read, and an estimate of those since,
    /// from this client's own and its share in all of them.
    /// </summary>
    public double Visits => Volatile.Read(ref _known) + (Volatile.Read(ref _uncounted) * Volatile.Read(ref _weight));

    /// <summary>The same server, which says something else of itself by now.</summary>
    internal ServerLoad For(RegisteredServer server)
    {
        Server = server;
        return this;
    }

    /// <summary>A request goes to the server.</summary>
    internal void Begin()
    {
        Interlocked.Increment(ref _outstanding);
        Interlocked.Increment(ref _uncounted);
    }

    /// <summary>A request has been answered, or has failed.</summary>
    internal void End() => Interlocked.Decrement(ref _outstanding);

    /// <summary>This client's visits that are not in the service's counter yet.</summary>
    internal long Uncounted => Volatile.Read(ref _uncounted);

    /// <summary>Learns what the counter says.</summary>
    /// <param name="visits">The counter.</param>
    /// <param name="weight">How many visits of all clients there are for each of this one's.</param>
    /// <param name="counted">How many of those that were not counted yet are in it now.</param>
    internal void Learn(double visits, double weight, long counted)
    {
        Interlocked.Add(ref _uncounted, -counted);
        Volatile.Write(ref _known, visits);
        Volatile.Write(ref _weight, weight);
    }
}
