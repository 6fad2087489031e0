using System.Text;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Which silo carries a session: its owner, as ZooKeeper's leader keeps one. A client that goes on at another silo must not be overtaken by
/// what is still on its way from the one before, whose submissions nobody can call back (rule R5). So the silo where it arrives becomes the
/// owner before the client is answered, and the sequencer refuses with <see cref="ErrorCode.SessionMoved"/> what comes by any other
/// silo from then on. Where the owner is this silo already, as whenever a client comes back to where it was, that costs nothing.
/// <para>
/// That the owner changes is a transaction, which ZooKeeper's leader only notes in memory: ZooKeeper's new leader drops what others still have
/// on its way, ours is submitted it again (rule R9). A transaction has one place among all writes, and the client is answered when this
/// replica shows it: what the silo before submitted stands before it in the log, and is visible here, or never happens. Whoever becomes the sequencer has
/// read the log to its end before it orders, so it knows every owner that any client was told of; one that the checkpoint has passed
/// stands in the session's row. A sequencer that was deposed may believe in an older owner, but can append nothing (rule R3).
/// </para>
/// <para>
/// The silo before closes its connection when it applies the transaction. A silo is named as a submitter, that is for one life of its process:
/// what it left behind when it was killed is refused as well, once the client is back. The request names the owner that this silo
/// knows, and is refused when another one came first: an attempt that hung, and that the client has given up, does not take the session away from
/// where it went on.
/// </para>
/// </summary>
internal sealed class SessionOwnership(Replica replica, SubmitQueue submitQueue, UndecidedRequests undecided, TimeProvider time)
{
    /// <summary>Whether this silo carries an open session, as far as its replica knows.</summary>
    public bool IsHere(long sessionId) => replica.FindSession(sessionId) is { } session && session.Owner == undecided.Submitter;

    /// <summary>Has this silo carry a session from now on; false when the session is closed meanwhile.</summary>
    /// <param name="session">The session as it is known here.</param>
    /// <param name="patience">How long the sequencer may take.</param>
    /// <exception cref="IOException">The log cannot be written, nobody answers in time, or another silo was faster.</exception>
    public async ValueTask<bool> TryTakeAsync(SessionRecord session, TimeSpan patience)
    {
        if (session.Owner == undecided.Submitter)
            return true;

        var error = await AttachAsync(session, patience).ConfigureAwait(false);
        if (error == ErrorCode.SessionMoved && replica.FindSession(session.SessionId) is { } moved)
        {
            // The client was at yet another silo for a moment, of which this one knows now.
            error = await AttachAsync(moved, patience).ConfigureAwait(false);
        }

        return error switch
        {
            ErrorCode.Ok => true,
            ErrorCode.SessionExpired => false,
            _ => throw new IOException($"Session 0x{session.SessionId:x} cannot be carried by this silo: {error}."),
        };
    }

    private async Task<ErrorCode> AttachAsync(SessionRecord session, TimeSpan patience)
    {
        var owner = Encoding.UTF8.GetBytes(session.Owner ?? "");
        var attach = SessionlessRequest.Submit(submitQueue, OpCode.AttachSession, owner, session.SessionId);
        try
        {
            return (await attach.Transaction.WaitAsync(patience, time).ConfigureAwait(false)).Error;
        }
        catch (TimeoutException)
        {
            attach.GiveUp();
            throw new IOException($"Nobody has decided after {patience.TotalSeconds} s that this silo carries session 0x{session.SessionId:x}.");
        }
    }
}
