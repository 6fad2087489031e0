using System.Collections.Concurrent;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>The sessions that this silo serves at the moment.</summary>
internal sealed class ClientSessionTable(Replica replica, IGrainFactory grains)
{
    private readonly ConcurrentDictionary<long, ClientSession> _sessions = new();

    public ICollection<ClientSession> All => _sessions.Values;

    /// <summary>A connection carries the session from now on; one that did so before is closed.</summary>
    public void Attach(ClientSession session)
    {
        ClientSession? before = null;
        _sessions.AddOrUpdate(
            session.SessionId,
            session,
            (_, existing) =>
            {
                before = existing;
                return session;
            });
        if (before is not null)
            End(before);
    }

    /// <summary>
    /// Closes the connection that carries a session, if there is one: somebody else tries to attach to it, or another silo carries it.
    /// </summary>
    public void CloseConnectionOf(long sessionId)
    {
        if (_sessions.TryRemove(sessionId, out var session))
            End(session);
    }

    /// <summary>Closes all connections: this silo cannot serve their clients.</summary>
    public void CloseAll()
    {
        foreach (var session in _sessions.Values)
            Detach(session);
    }

    /// <summary>A connection is gone; the session stays until it expires.</summary>
    public void Detach(ClientSession session)
    {
        _sessions.TryRemove(KeyValuePair.Create(session.SessionId, session));
        End(session);
    }

    /// <summary>A session was closed, by its client or by expiry: its connection ends behind the last reply.</summary>
    public void Closed(long sessionId, DeliveryRound round)
    {
        // Where no connection carries it, nobody but its grain can have closed it.
        if (!_sessions.TryRemove(sessionId, out var session))
            return;

        End(session);
        grains.GetGrain<ISessionGrain>(SessionGrainKey.Of(sessionId)).Forget().Ignore();
    }

    private void End(ClientSession session)
    {
        session.Close();
        replica.Watches.RemoveAll(session);
    }
}
