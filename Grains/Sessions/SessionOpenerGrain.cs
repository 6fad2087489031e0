using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Opens sessions on the silo where the call arrives. The client is attached in the same call, so that a session is watched over from its first
/// moment and expires if its client is gone by then.
/// </summary>
[StatelessWorker, Reentrant, GrainDirectory(LocalGrainDirectory.Name)]
internal sealed class SessionOpenerGrain(SessionFactory sessions, KeeperEngine engine) : Grain, ISessionOpenerGrain
{
    private const long NoSession = 0;

    public async Task<OpenedSession> Open(AttachRequest request)
    {
        if (!engine.IsServing)
            return new OpenedSession(NoSession, [], new AttachReply { Outcome = AttachOutcome.NotReady });

        var timeout = sessions.Negotiate(request.TimeoutMilliseconds);
        var (sessionId, password) = await sessions.OpenAsync(timeout);
        var session = GrainFactory.GetGrain<ISessionGrain>(SessionGrainKey.Of(sessionId));
        return new OpenedSession(sessionId, password, await session.Attach(request with { Password = password }));
    }
}
