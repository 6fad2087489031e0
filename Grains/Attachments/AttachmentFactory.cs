using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.GrainInterfaces.Events;
using OrleansKeeper.Grains.EventStreams;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>
/// Attaches .NET clients to their sessions, and sets their watches again without a gap and without a repetition: the watches are registered first and
/// their events held back; what the client missed up to then is replayed from the log; then come the events that were held back, but for those of
/// transactions that were replayed.
/// </summary>
internal sealed partial class AttachmentFactory(
    Replica replica,
    SessionFactory sessions,
    ClientSessionTable table,
    SessionAuthentication authentication,
    SubmitQueue submitQueue,
    UndecidedRequests undecided,
    WatchHistory history,
    EventQueue events,
    KeeperEngine engine,
    IOptions<KeeperOptions> options,
    TimeProvider time,
    ILogger<AttachmentFactory> logger)
{
    private const string NoAddress = "";

    /// <summary>How long a client waits for this silo to see what it has seen, before it tries elsewhere.</summary>
    private static readonly TimeSpan PatienceForReplica = TimeSpan.FromSeconds(5);

    private readonly AttachmentLimits _limits = AttachmentLimits.Of(options.Value);

    /// <summary>Attaches a client; the attachment is null when it cannot be.</summary>
    public async Task<(Attachment? Attachment, AttachReply Reply)> AttachAsync(
        long sessionId, AttachRequest request, CancellationToken cancellationToken)
    {
        if (!engine.IsServing || !await replica.TryWaitForAsync(request.LastZxidSeen, PatienceForReplica, time))
            return Refuse(AttachOutcome.NotReady);
        if (!await sessions.MayAttachAsync(sessionId, request.Password))
            return Refuse(AttachOutcome.Expired);
        if (replica.Watches.Count + request.Watches.Count > options.Value.MaxWatches)
            return Refuse(AttachOutcome.TooManyWatches);

        var attachment = Create(sessionId, sessions.Negotiate(request.TimeoutMilliseconds), out var output);
        try
        {
            foreach (var credential in request.Credentials)
            {
                if (!authentication.TryAuthenticate(attachment.Session, credential.Scheme, credential.Secret))
                {
                    output.Abort("it could not be authenticated");
                    return Refuse(AttachOutcome.AuthFailed);
                }
            }

            return (attachment, await SetWatchesAsync(attachment, output, request, cancellationToken));
        }
        catch
        {
            output.Abort("its watches could not be set again");
            throw;
        }
    }

    private static (Attachment? Attachment, AttachReply Reply) Refuse(AttachOutcome outcome) => (null, new AttachReply { Outcome = outcome });

    private Attachment Create(long sessionId, int timeout, out AttachmentOutput output)
    {
        var id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        var created = new AttachmentOutput(id, SessionEventStream.Of(sessionId), events, _limits.MaxQueuedBytes);
        var session = sessions.Attach(sessionId, timeout, NoAddress, created, hasEventStream: true);
        created.Closed = () => ThreadPool.QueueUserWorkItem(_ => Detach(session, created));
        output = created;
        return new Attachment(id, session, created, submitQueue, undecided, authentication, _limits);
    }

    private void Detach(ClientSession session, AttachmentOutput output)
    {
        table.Detach(session);
        if (output.AbortReason is { } reason)
            LogAborted(session.SessionId, reason);
    }

    private async Task<AttachReply> SetWatchesAsync(
        Attachment attachment, AttachmentOutput output, AttachRequest request, CancellationToken cancellationToken)
    {
        var watches = request.Watches;
        var session = attachment.Session;
        watches.AddPersistentTo(replica.Watches, session);
        watches.AddOneShotsTo(replica.Watches, session);

        // The fence makes that comparable: whatever is announced behind this sees the watches; whatever was before is in the log.
        Interlocked.MemoryBarrier();
        var announced = replica.Announced;
        var missed = new MissedEvents(watches, session.Identities, 2L * _limits.MaxQueuedBytes);
        var isComplete = watches.Count == 0
            || await history.TryReplayAsync(missed, request.EventsSeenUpTo, announced, cancellationToken);
        foreach (var (kind, path) in watches.OneShots())
        {
            if (!isComplete || !missed.IsSet(kind, path))
                replica.Watches.Remove(kind, path, session, Watches.WatchModes.Standard);
        }

        lock (output.Lock)
            output.EndHolding(isComplete ? missed.Frames : [], isComplete ? announced : 0);
        if (!isComplete)
            await SetOneShotsAsZooKeeperAsync(attachment, request);
        return Reply(attachment, output, isComplete, announced);
    }

    /// <summary>One-shot watches can be judged by what is there now; persistent ones may have missed something.</summary>
    private async Task SetOneShotsAsZooKeeperAsync(Attachment attachment, AttachRequest request)
    {
        LogNoHistory(attachment.Session.SessionId, request.EventsSeenUpTo);
        var watches = request.Watches;
        var setWatches = new SetWatches2(request.EventsSeenUpTo, watches.Data, watches.Exists, watches.Children, [], []);
        await attachment.ProcessFirstAsync(OpCode.SetWatches2, JuteRecords.ToArray(setWatches));
    }

    private AttachReply Reply(Attachment attachment, AttachmentOutput output, bool isComplete, long announced)
    {
        lock (output.Lock)
        {
            return new AttachReply
            {
                Outcome = AttachOutcome.Attached,
                Attachment = attachment.Id,
                TimeoutMilliseconds = attachment.Session.TimeoutMilliseconds,
                Zxid = announced,
                HasMissedEvents = !isComplete,
                Events = output.ReadEvents(),
                Window = Attachment.Window,
                MaxRequestBytes = _limits.MaxRequestBytes,
            };
        }
    }

    [LoggerMessage(LogLevel.Warning, "Disconnected the .NET client of session 0x{SessionId:x}: {Reason}.")]
    private partial void LogAborted(long sessionId, string reason);

    [LoggerMessage(LogLevel.Warning,
        "The log does not reach back to zxid 0x{Zxid:x}, or more happened since than a client is told: session 0x{SessionId:x} was away too long for its watches to hear of everything.")]
    private partial void LogNoHistory(long sessionId, long zxid);
}
