using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Requests;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>
/// A client's session, whoever uses it and through whichever silo: takes requests, sends them in batches, several at a time, and brings replies and
/// events into the one order that the service gave them. <see cref="SessionKeeper"/> sees to it that there is an attachment to send them to.
/// </summary>
internal sealed partial class KeeperConnection : IThreadPoolWorkItem, IAsyncDisposable
{
    /// <summary>Acknowledged at once when there are so many, so that the service need not keep them until the next sign of life.</summary>
    private const int MostEventsUnacknowledged = 512;

    /// <summary>How long an event that a reply waits for may be on its way before the session's grain is asked for it.</summary>
    private static readonly TimeSpan PatienceForEvents = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private readonly KeeperClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RequestQueue _requests;
    private readonly SeenTransactions _seen = new();
    private readonly EventOrder _events;
    private readonly SessionKeeper _keeper;
    private readonly ITimer _queueTimer;
    private LiveAttachment? _attachment;
    private long _acknowledgedEvents;
    private long _awaitedEvent;
    private bool _isSending;
    private LiveAttachment? _asked;
    private bool _isClosed;
    private Task? _closing;

    public KeeperConnection(IClusterClient cluster, KeeperClientOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        Watches = new WatchRegistry(_lock);
        Status = new ConnectionStatus(time, logger);
        _requests = new RequestQueue(time);
        _events = new EventOrder(Watches, _seen);
        _keeper = new SessionKeeper(this, cluster, options, time, logger);
        _queueTimer = time.CreateTimer(_ => FailWhatWaitsTooLong(), null, options.RequestTimeout / 8, options.RequestTimeout / 8);
        _keeper.Start();
    }

    public WatchRegistry Watches { get; }

    public ConnectionStatus Status { get; }

    public KeeperClientOptions Options => _options;

    /// <summary>Completes when the first session is open.</summary>
    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => _keeper.WaitUntilConnectedAsync(cancellationToken);

    /// <summary>Sends a request when its turn has come.</summary>
    public Task<TResult> SendAsync<TRecord, TResult>(RecordRequest<TRecord, TResult> request, CancellationToken cancellationToken)
        where TRecord : Protocol.Jute.IJuteWritable
    {
        if (cancellationToken.IsCancellationRequested)
        {
            request.Watch?.Abandon();
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        Enqueue(request);
        return cancellationToken.CanBeCanceled ? AwaitAsync(request, cancellationToken) : request.Result;
    }

    /// <summary>Removes a persistent watch here, and soon at the service when it was the last of its kind.</summary>
    public void RemoveWatch(PersistentWatch watch)
    {
        lock (_lock)
        {
            // One step, so that whoever opens the same watch again asks behind this.
            if (!Watches.Remove(watch) || _isClosed)
                return;

            var type = watch.Mode == WatchMode.Persistent ? WatcherType.Persistent : WatcherType.PersistentRecursive;
            var request = new RecordRequest<WatcherTypeRequest, bool>(
                OpCode.RemoveWatches, watch.Path, new WatcherTypeRequest(watch.ServicePath, type), Replies.Nothing, ErrorCode.NoWatcher);
            Enqueue(request);

            // When it cannot be sent, the watch is not set again either.
            request.Result.Ignore();
        }
    }

    public void Enqueue(KeeperRequest request)
    {
        KeeperException? refusal = null;
        lock (_lock)
        {
            if (_isClosed)
                refusal = new ClientClosedException(request.Path);
            else if (_requests.WaitingCount >= _options.MaxWaitingRequests)
                refusal = new KeeperException(ErrorCode.ThrottledOp, request.Path, $"{_requests.WaitingCount} requests of this client wait already; it takes no more.");
            else
                _requests.Add(request);
        }

        if (refusal is not null)
            request.Fail(refusal);
        else
            SendSoon();
    }

    /// <summary>What the client brings to attach.</summary>
    public AttachRequest ToAttach(byte[] password)
    {
        lock (_lock)
        {
            return new AttachRequest
            {
                Password = password,
                TimeoutMilliseconds = (int)_options.SessionTimeout.TotalMilliseconds,
                LastZxidSeen = _seen.Newest,
                EventsSeenUpTo = _seen.Complete,
                Watches = Watches.Snapshot(),
                Credentials = _keeper.Credentials,
            };
        }
    }

    /// <summary>There is an attachment from now on.</summary>
    public void Attached(LiveAttachment attachment, AttachReply reply)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;

            _attachment = attachment;
            _acknowledgedEvents = 0;
            _awaitedEvent = 0;
            SettleUnanswered();
            _events.Begin(attachment.Id, reply.Zxid);
            _seen.BeginRepetition();
            if (reply.HasMissedEvents)
                Watches.TellMissed(reply.Zxid);
            foreach (var events in reply.Events)
                _events.Add(events);
            _seen.SeeReply(reply.Zxid);
        }

        SendSoon();
    }

    /// <summary>
    /// The attachment is gone. What is on the way is settled with the next one: until then the service may still say that it refused it. False when the
    /// attachment was gone already.
    /// </summary>
    public bool Detach(LiveAttachment attachment)
    {
        lock (_lock)
        {
            if (_attachment != attachment)
                return false;

            _attachment = null;
            _events.End();
            return true;
        }
    }

    /// <summary>Whether requests go to this attachment.</summary>
    public bool IsAttached(LiveAttachment attachment)
    {
        lock (_lock)
            return _attachment == attachment;
    }

    /// <summary>Proves to be somebody from now on, and whenever the client attaches.</summary>
    public void Add(Credential credential) => _keeper.Add(credential);

    /// <summary>The session has expired: nothing that was asked for in it is done in another one, unless it changes nothing.</summary>
    public void FailRequestsOfExpiredSession()
    {
        lock (_lock)
        {
            SettleUnanswered();
            _requests.Fail(request => !request.IsRepeatable, request => new SessionExpiredException(request.Path));
        }
    }

    /// <summary>What the client has, for a sign of life.</summary>
    public RenewRequest ToRenew(LiveAttachment attachment)
    {
        lock (_lock)
        {
            _acknowledgedEvents = _events.Shown;
            return new RenewRequest(attachment.Id, _requests.Acknowledged, _acknowledgedEvents);
        }
    }

    /// <summary>The service says how many events there are up to a transaction.</summary>
    public void Renewed(LiveAttachment attachment, RenewReply reply)
    {
        lock (_lock)
        {
            if (_attachment != attachment)
                return;

            if (_events.Shown >= reply.Events)
                _seen.SeeReply(reply.Zxid);
            else
                AskForEventsLater(attachment, reply.Events);
        }

        SendSoon();
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
            _closing ??= Task.Run(() => CloseAsync(leaveNothing: true));
        return new ValueTask(_closing);
    }

    /// <summary>Ends as if the process had: nobody is told, and the session expires.</summary>
    public Task AbandonAsync()
    {
        lock (_lock)
            return _closing ??= Task.Run(() => CloseAsync(leaveNothing: false));
    }

    private static async Task<TResult> AwaitAsync<TRecord, TResult>(RecordRequest<TRecord, TResult> request, CancellationToken cancellationToken)
        where TRecord : Protocol.Jute.IJuteWritable
    {
        await using var registration = cancellationToken.UnsafeRegister(_ => request.Cancel(cancellationToken), null).ConfigureAwait(false);
        return await request.Result.ConfigureAwait(false);
    }

    private void SettleUnanswered() =>
        _requests.Settle(request => new ConnectionLostException(request.Path, OperationOutcome.Unknown));

    private void FailWhatWaitsTooLong()
    {
        lock (_lock)
        {
            if (_attachment is null || Status.State != KeeperConnectionState.Connected)
                _requests.FailOlderThan(_options.RequestTimeout);
        }
    }

    private async Task CloseAsync(bool leaveNothing)
    {
        var close = new RecordRequest<EmptyBody, bool>(OpCode.CloseSession, null, default, Replies.Nothing);
        var isAttached = false;
        lock (_lock)
        {
            if (leaveNothing && _attachment is not null)
            {
                isAttached = true;
                _requests.Add(close);
            }

            _isClosed = true;
            _keeper.BeginClosing();
        }

        if (isAttached)
        {
            SendSoon();
            await ((Task)close.Result).WaitAsync(_options.CloseTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _queueTimer.DisposeAsync().ConfigureAwait(false);
        await _keeper.StopAsync(leaveNothing).ConfigureAwait(false);
        lock (_lock)
        {
            _attachment = null;
            _requests.Settle(request => new ClientClosedException(request.Path, OperationOutcome.Unknown));
            _requests.Fail(_ => true, request => new ClientClosedException(request.Path));
        }

        Watches.Close(new ClientClosedException(null));
        await Status.DisposeAsync().ConfigureAwait(false);
    }
}
