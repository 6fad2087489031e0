using Orleans.Concurrency;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>
/// Watches over one session: hears from the silo that serves it that its client is alive, and closes it when the client has been
/// silent for its timeout. For a .NET client it carries the session too: the client attaches, submits its requests in numbered batches, and
/// gets its events on the session's stream. Keyed by <see cref="SessionGrainKey"/>.
/// </summary>
[Alias("OrleansKeeper.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Begins to watch over the session, or begins anew with a full timeout.</summary>
    /// <param name="descriptor">What is known of the session.</param>
    [Alias("Track")]
    Task Track(SessionDescriptor descriptor);

    /// <summary>Begins to watch over the session anew with a full timeout, if it is open: nobody could be heard meanwhile.</summary>
    [Alias("Extend")]
    Task Extend();

    /// <summary>The client was heard from.</summary>
    /// <param name="elapsedSince">How long ago that was.</param>
    [Alias("Heartbeat")]
    Task Heartbeat(TimeSpan elapsedSince);

    /// <summary>The session was closed: there is nothing to watch over any more.</summary>
    [Alias("Forget")]
    Task Forget();

    /// <summary>
    /// Makes this grain carry the session for the caller. Whoever carried it before, another attachment or a TCP connection, is closed. The
    /// client's watches are set again, and it gets the events that it missed.
    /// </summary>
    [Alias("Attach")]
    Task<AttachReply> Attach(AttachRequest request);

    /// <summary>
    /// Takes requests and returns with their replies. Batches take effect in the order of their numbers, in whatever order they arrive; one that
    /// is sent again is not executed again, it gets the same replies.
    /// </summary>
    [Alias("Submit"), AlwaysInterleave]
    Task<ReplyBatch> Submit(RequestBatch batch);

    /// <summary>A sign of life; says how many events there are.</summary>
    [Alias("Renew"), AlwaysInterleave]
    Task<RenewReply> Renew(RenewRequest request);

    /// <summary>The events behind the acknowledged ones: those that did not come on the stream.</summary>
    /// <returns>The events in order; null when the attachment is gone.</returns>
    [Alias("ReadEvents"), AlwaysInterleave]
    Task<IReadOnlyList<SessionEvents>?> ReadEvents(RenewRequest request);
}
