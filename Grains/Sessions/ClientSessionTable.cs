using System.Collections.Concurrent;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>The sessions that this silo serves at the moment.</summary>
internal sealed class ClientSessionTable(Replica replica, IGrainFactory grains)
{
    private readonly ConcurrentDictionary<long, ClientSession> _sessions = new();

    /// <summary>Of sessions whose connection is gone, those with writes that are not decided yet, and when they are.</summary>
    private readonly ConcurrentDictionary<long, Task> _unsettled = new();

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
        if (_sessions.TryGetValue(sessionId, out var session))
            Detach(session);
    }

    /// <summary>
    /// Completes when the writes of the connections that carried a session are decided, which may happen after the connection is gone.
    /// </summary>
    public Task WaitUntilSettledAsync(long sessionId) => _unsettled.GetValueOrDefault(sessionId, Task.CompletedTask);

    /// <summary>Closes all connections: this silo cannot serve their clients.</summary>
    public void CloseAll()
    {
        foreach (var session in _sessions.Values)
            Detach(session);
    }

    /// <summary>A connection is gone; the session stays until it expires.</summary>
    public void Detach(ClientSession session)
    {
        // In this order: whoever does not find it any more finds what is left of it.
        End(session);
        _sessions.TryRemove(KeyValuePair.Create(session.SessionId, session));
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
        if (session.WaitUntilSettledAsync() is { IsCompleted: false } settled)
            _ = RememberAsync(session.SessionId, settled);
    }

    private async Task RememberAsync(long sessionId, Task settled)
    {
        _unsettled[sessionId] = settled;
        await settled.ConfigureAwait(false);
        _unsettled.TryRemove(KeyValuePair.Create(sessionId, settled));
    }
}
