using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// How far a session's grain knows that the client was heard from. One call at a time is on its way; a sign of life that did not arrive is
/// told again, however long ago it was, because the session must not expire before it was silent for its timeout.
/// </summary>
internal sealed class Heartbeat(ClientSession session, TimeProvider time)
{
    private long _toldUntil;
    private int _isTelling;

    /// <summary>Whether the client was heard from since its grain was told last, and no call is on its way.</summary>
    public bool IsDue => Volatile.Read(ref _isTelling) == 0 && session.HeardAt != Volatile.Read(ref _toldUntil);

    /// <summary>Tells the session's grain how long ago the client was heard from last.</summary>
    public async Task TellAsync(ISessionGrain grain)
    {
        if (Interlocked.Exchange(ref _isTelling, 1) != 0)
            return;

        try
        {
            var heardAt = session.HeardAt;
            await grain.Heartbeat(time.GetElapsedTime(heardAt)).ConfigureAwait(false);
            Volatile.Write(ref _toldUntil, heardAt);
        }
        finally
        {
            Volatile.Write(ref _isTelling, 0);
        }
    }
}
