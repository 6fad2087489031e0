using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.GrainInterfaces.Events;
using OrleansKeeper.Grains.Attachments;
using OrleansKeeper.Grains.EventStreams;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Carries its session for a .NET client, and watches over it whoever carries it: closes it when the client has been silent for the session's timeout. As in ZooKeeper, sessions expire at multiples of the
/// tick time, so that the real timeout is up to one tick longer. Ephemerals go with the closing transaction and not before (rule R10).
/// </summary>
[Orleans.Placement.PreferLocalPlacement]
[KeepAlive]
internal sealed partial class SessionGrain(
    [PersistentState("keeper-session", KeeperGrainStorage.Sessions)] IPersistentState<SessionDescriptor> descriptor,
    SubmitQueue submitQueue,
    AttachmentFactory attachments,
    EventQueue events,
    StreamAgent streamAgent,
    Replica replica,
    SiloPauses pauses,
    IOptions<KeeperOptions> options,
    TimeProvider time,
    ILogger<SessionGrain> logger) : Grain, ISessionGrain
{
    private static readonly TimeSpan PauseAfterFailedClose = TimeSpan.FromMilliseconds(200);

    private readonly long _started = time.GetTimestamp();
    private TimeSpan _deadline;
    private IGrainTimer? _timer;
    private Attachment? _attachment;

    private long SessionId => SessionGrainKey.SessionIdOf(this.GetPrimaryKeyString());

    private TimeSpan Now => time.GetElapsedTime(_started);

    private TimeSpan Tick => TimeSpan.FromMilliseconds(options.Value.TickTime);

    private TimeSpan Timeout => TimeSpan.FromMilliseconds(descriptor.State.TimeoutMilliseconds);

    /// <summary>Whoever calls first after the grain's silo died: the session is watched over again.</summary>
    public override Task OnActivateAsync(CancellationToken cancellationToken) => Extend();

    public async Task Track(SessionDescriptor session)
    {
        descriptor.State = session with { HasEventStream = session.HasEventStream || descriptor.State.HasEventStream };
        BeginAnew();
        try
        {
            await descriptor.WriteStateAsync();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The descriptor is for the operator; the session itself is in the log.
            LogDescriptorNotWritten(SessionId, exception);
        }
    }

    public Task Extend()
    {
        if (replica.FindSession(SessionId) is { } session)
        {
            descriptor.State = descriptor.State with { TimeoutMilliseconds = session.TimeoutMilliseconds };
            BeginAnew();
        }

        return Task.CompletedTask;
    }

    public Task Heartbeat(TimeSpan elapsedSince)
    {
        // It may have been on its way for long: what was heard since counts.
        if (_timer is not null)
            _deadline = Max(_deadline, DeadlineAfter(elapsedSince));
        return Task.CompletedTask;
    }

    public async Task Forget()
    {
        _timer?.Dispose();
        _timer = null;
        DeactivateOnIdle();
        if (descriptor.State.HasEventStream)
            await ForgetEventStreamAsync();
        if (descriptor.RecordExists)
            await descriptor.ClearStateAsync();
    }

    public async Task<AttachReply> Attach(AttachRequest request)
    {
        // Its client is there: it does not expire while what the client missed is looked up.
        if (_timer is not null)
            BeginAnew();
        var (attachment, reply) = await attachments.AttachAsync(SessionId, request, CancellationToken.None);
        _attachment = attachment ?? _attachment;
        return reply;
    }

    public Task<ReplyBatch> Submit(RequestBatch batch) =>
        Find(batch.Attachment) is { } attachment ? attachment.SubmitAsync(batch) : Task.FromResult(ReplyBatch.Refused);

    public Task<RenewReply> Renew(RenewRequest request) => Task.FromResult(
        Find(request.Attachment) is { } attachment ? attachment.Renew(request, () => replica.Watermark) : new RenewReply(true, 0, 0));

    public Task<IReadOnlyList<SessionEvents>?> ReadEvents(RenewRequest request) =>
        Task.FromResult(Find(request.Attachment)?.ReadEvents(request));

    private Attachment? Find(long id)
    {
        if (_attachment is not { IsGone: false } attachment || attachment.Id != id)
            return null;

        if (_timer is not null)
            BeginAnew();
        return attachment;
    }

    private async Task ForgetEventStreamAsync()
    {
        var stream = SessionEventStream.Of(SessionId);
        events.End(stream);
        try
        {
            await streamAgent.RemoveAsync(stream);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSubscriptionNotRemoved(SessionId, exception);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private TimeSpan DeadlineAfter(TimeSpan elapsedSince)
    {
        var expiry = Now - elapsedSince + Timeout;
        return (Math.Floor(expiry / Tick) + 1) * Tick;
    }

    /// <summary>Watches over the session anew, with a full timeout.</summary>
    private void BeginAnew()
    {
        _deadline = DeadlineAfter(TimeSpan.Zero);
        _timer ??= this.RegisterGrainTimer(
            CheckDeadlineAsync,
            new GrainTimerCreationOptions(_deadline - Now, System.Threading.Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    private async Task CheckDeadlineAsync(CancellationToken cancellationToken)
    {
        if (pauses.SinceLast is var sincePause && sincePause < Tick)
            _deadline = Max(_deadline, Now - sincePause + Tick);
        if (Now < _deadline)
        {
            _timer?.Change(_deadline - Now, System.Threading.Timeout.InfiniteTimeSpan);
            return;
        }

        LogExpired(SessionId, descriptor.State.TimeoutMilliseconds);
        try
        {
            await SessionlessRequest.Submit(submitQueue, OpCode.CloseSession, [], SessionId).Transaction;
            await Forget();
        }
        catch (IOException exception)
        {
            // Nothing was closed; it is tried until it is.
            LogCloseFailed(SessionId, exception);
            _timer?.Change(PauseAfterFailedClose, System.Threading.Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(LogLevel.Information, "Session 0x{SessionId:x} expired: nothing was heard from its client for {TimeoutMilliseconds} ms.")]
    private partial void LogExpired(long sessionId, int timeoutMilliseconds);

    [LoggerMessage(LogLevel.Warning, "Session 0x{SessionId:x} has expired but could not be closed yet.")]
    private partial void LogCloseFailed(long sessionId, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The subscription to the events of session 0x{SessionId:x} could not be removed.")]
    private partial void LogSubscriptionNotRemoved(long sessionId, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The descriptor of session 0x{SessionId:x} could not be written.")]
    private partial void LogDescriptorNotWritten(long sessionId, Exception exception);
}
