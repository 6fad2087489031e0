using System.Collections.Concurrent;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>The connections that carry a session now, for what the operator asks.</summary>
internal sealed class LiveConnections(ServerStatistics statistics, TimeProvider time)
{
    private readonly ConcurrentDictionary<LiveConnection, byte> _connections = new();
    private readonly RequestLatency _latencyOfGone = new();

    public int Count => _connections.Count;

    public IEnumerable<LiveConnection> All => _connections.Keys;

    /// <summary>Replies and events that were sent, on connections that are gone as well.</summary>
    public long Sent => statistics.Sent + _connections.Keys.Sum(connection => connection.Session.Counters.Sent);

    /// <summary>How long requests took, on connections that are gone as well.</summary>
    public RequestLatency SumLatency()
    {
        var sum = new RequestLatency();
        lock (_latencyOfGone)
            sum.Add(_latencyOfGone);
        foreach (var connection in _connections.Keys)
            sum.Add(connection.Session.Counters.Latency);
        return sum;
    }

    public LiveConnection Add(string remoteEndPoint, ClientSession session)
    {
        var connection = new LiveConnection(remoteEndPoint, session, time);
        _connections.TryAdd(connection, 0);
        return connection;
    }

    public void Remove(LiveConnection connection)
    {
        if (!_connections.TryRemove(connection, out _))
            return;

        lock (_latencyOfGone)
            _latencyOfGone.Add(connection.Session.Counters.Latency);
        statistics.CountSent(connection.Session.Counters.Sent);
    }
}
