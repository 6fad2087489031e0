using System.Collections.Concurrent;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>The connections that carry a session now, for what the operator asks.</summary>
internal sealed class LiveConnections(ServerStatistics statistics, TimeProvider time)
{
    private readonly ConcurrentDictionary<LiveConnection, byte> _connections = new();

    public int Count => _connections.Count;

    public IEnumerable<LiveConnection> All => _connections.Keys;

    /// <summary>Replies and events that were sent, on connections that are gone as well.</summary>
    public long Sent => statistics.Sent + _connections.Keys.Sum(connection => connection.Session.Counters.Sent);

    public LiveConnection Add(string remoteEndPoint, ClientSession session)
    {
        var connection = new LiveConnection(remoteEndPoint, session, time);
        _connections.TryAdd(connection, 0);
        return connection;
    }

    public void Remove(LiveConnection connection)
    {
        if (_connections.TryRemove(connection, out _))
            statistics.CountSent(connection.Session.Counters.Sent);
    }
}
