namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>What <c>srvr</c>, <c>stat</c> and <c>mntr</c> report of the traffic since the start.</summary>
internal sealed class ServerStatistics(TimeProvider time)
{
    private long _received;
    private long _sent;
    private long _refusedConnections;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public long Received => Volatile.Read(ref _received);

    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Connections that were beyond a limit.</summary>
    public long RefusedConnections => Volatile.Read(ref _refusedConnections);

    public void CountReceived(int count) => Interlocked.Add(ref _received, count);

    public void CountSent(long count) => Interlocked.Add(ref _sent, count);

    public void CountRefusedConnection() => Interlocked.Increment(ref _refusedConnections);
}
