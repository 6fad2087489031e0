using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using Identity = OrleansKeeper.Protocol.Id;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// A session on the silo that serves it, for as long as one connection carries it. Its requests take effect and are answered in the order
/// in which they were sent (rule R5): a write is submitted at once, so that writes pipeline; a read is answered at once unless earlier
/// requests wait, and then in its turn, right behind the write before it and before the transaction after that. So that no read shows a
/// write that was sent after it, a write waits behind a read that may not be answered at once when its turn comes.
/// Everything under <see cref="_lock"/>, which the connection's thread holds while it reads a batch of requests and the replica's thread
/// while it writes an event or reply.
/// </summary>
internal sealed class ClientSession : IWatcher, IRequestOwner, IFlushable
{
    /// <summary>Behind reads with more to reply than this a write waits: no room is sure for them.</summary>
    private const int MostReplyBytesBeforeWrite = 1024 * 1024;

    /// <summary>Looked at behind a read that waits for the store, and loaded together with what that waits for.</summary>
    private const int MostLookedAtAhead = 128;

    private const int MostLoadedAhead = 31;

    private readonly Lock _lock;
    private readonly Queue<PendingRequest> _pending = new();
    private readonly SessionReads _reads;
    private readonly SubmitQueue _submitQueue;
    private readonly ZNodeLoader _loader;
    private readonly DescendantCounter _counter;
    private readonly LedgerSync _sync;
    private readonly TimeProvider _time;
    private Identity[] _identities;
    private int _pendingReads;
    private int _heldBackWrites;
    private int _undecidedWrites;
    private bool _isLoading;
    private bool _isClosed;
    private long _lastHeard;
    private TaskCompletionSource? _room;
    private int _roomBelow;
    private TaskCompletionSource? _settled;

    public ClientSession(
        long sessionId,
        int timeoutMilliseconds,
        string clientAddress,
        ISessionOutput output,
        SessionReads reads,
        SubmitQueue submitQueue,
        ZNodeLoader loader,
        DescendantCounter counter,
        LedgerSync sync,
        TimeProvider time)
    {
        SessionId = sessionId;
        TimeoutMilliseconds = timeoutMilliseconds;
        ClientAddress = clientAddress;
        Output = output;
        _lock = output.Lock;
        _reads = reads;
        _submitQueue = submitQueue;
        _loader = loader;
        _counter = counter;
        _sync = sync;
        _time = time;
        _identities = clientAddress.Length == 0 ? [] : [new Identity(Authentication.Ip, clientAddress)];
        _lastHeard = time.GetTimestamp();
        EstablishedAt = time.GetUtcNow();
        Heartbeat = new Heartbeat(this, time);
    }

    public long SessionId { get; }

    public int TimeoutMilliseconds { get; }

    /// <summary>The client's IP address, which is also its identity of scheme ip; empty for a .NET client, whose address is not known.</summary>
    public string ClientAddress { get; }

    public DateTimeOffset EstablishedAt { get; }

    /// <summary>Where replies go; written to under this session's lock.</summary>
    public ISessionOutput Output { get; }

    public WatchedPaths Watched { get; } = new();

    public bool IsInRound { get; set; }

    /// <summary>The watches that are being set again; null when none are.</summary>
    public WatchRearming? Rearming { get; set; }

    public bool IsGone => Volatile.Read(ref _isClosed);

    /// <summary>Who the client has proved to be so far.</summary>
    public IReadOnlyList<Identity> Identities => _identities;

    /// <summary>Number of requests that wait for their answer.</summary>
    public int PendingCount => _pending.Count;

    public SessionCounters Counters { get; } = new();

    /// <summary>What its grain knows of the client's signs of life.</summary>
    public Heartbeat Heartbeat { get; }

    /// <summary>How long ago the client was last heard from.</summary>
    public TimeSpan ElapsedSinceHeard => _time.GetElapsedTime(HeardAt);

    /// <summary>When the client was last heard from, as the clock's timestamp.</summary>
    public long HeardAt => Volatile.Read(ref _lastHeard);

    /// <summary>The client was heard from.</summary>
    public void Touch() => Volatile.Write(ref _lastHeard, _time.GetTimestamp());

    /// <summary>
    /// Processes a request. Under the lock. False when it has to be processed again because a transaction is just being applied:
    /// the caller lets go of the lock, since the replica's thread may wait for it, and comes back.
    /// </summary>
    public bool TryProcess(OpCode operation, int xid, ReadOnlySpan<byte> body)
    {
        if (_isClosed)
            return true;

        Counters.CountReceived();
        if (WriteOperations.Contains(operation))
        {
            EnqueueWrite(operation, xid, body);
            return true;
        }

        if (_pending.Count == 0 && SessionReads.IsRead(operation))
            return TryAnswer(operation, xid, body);

        EnqueueOther(operation, xid, body);
        Drain();
        return true;
    }

    /// <summary>Adds what the client proved to be.</summary>
    public void AddIdentities(IReadOnlyList<Identity> identities)
    {
        lock (_lock)
            _identities = [.. _identities.Union(identities)];
    }

    /// <summary>Completes when fewer than so many requests wait.</summary>
    public Task WaitForRoomAsync(int below)
    {
        lock (_lock)
        {
            if (_pending.Count < below || _isClosed)
                return Task.CompletedTask;

            _roomBelow = below;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>
    /// Completes when all writes that were submitted are decided, also if this is closed by then: they take effect all the same, and whoever
    /// carries the session next begins behind them (rule R5).
    /// </summary>
    public Task WaitUntilSettledAsync()
    {
        lock (_lock)
        {
            if (_undecidedWrites == 0)
                return Task.CompletedTask;

            _settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _settled.Task;
        }
    }

    public void Decided(PendingRequest request, DeliveryRound round)
    {
        try
        {
            lock (_lock)
            {
                Settled();
                if (_isClosed)
                    return;

                // One that waits no more was answered in its turn: the connection's thread saw that it is decided before this one came here.
                if (_isLoading && _pending.Contains(request))
                {
                    AbortOvertaken();
                    return;
                }

                Drain();
            }

            round.Touch(this);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    public void GivenUp(PendingRequest request)
    {
        lock (_lock)
            Settled();
    }

    public void Deliver(in WatchEvent watchEvent, DeliveryRound round)
    {
        try
        {
            lock (_lock)
            {
                if (_isClosed || !AccessControl.Allows(watchEvent.Acl, Permissions.Read, _identities))
                    return;

                ReplyWriter.WriteEvent(Output, watchEvent.Zxid, watchEvent.Type, watchEvent.Path);
                Counters.CountSent();
                if (Output.IsOverflowing)
                    Output.Abort("it does not read the events of its watches");
            }

            round.Touch(this);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    public void Flush()
    {
        try
        {
            lock (_lock)
                Output.Flush();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>The session ended, or another connection carries it now, or its connection is gone: nothing more is answered.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;

            End();
            Output.Flush();
            Output.Close();
        }
    }

    /// <summary>
    /// What goes wrong with one session on the replica's thread ends its connection and nothing else; the client learns what it missed
    /// when it comes back.
    /// </summary>
    private void Fail(Exception exception)
    {
        lock (_lock)
            End();
        Output.Abort($"its session could not be served ({exception.Message})");
    }

    private void End()
    {
        _isClosed = true;
        _pending.Clear();
        _room?.TrySetResult();
    }

    /// <summary>What became of a write is known.</summary>
    private void Settled()
    {
        if (--_undecidedWrites > 0 || _settled is not { } settled)
            return;

        _settled = null;
        settled.SetResult();
    }

    private void EnqueueWrite(OpCode operation, int xid, ReadOnlySpan<byte> body)
    {
        var request = new PendingRequest(this, xid, operation, body.ToArray())
        {
            SessionId = SessionId,
            Identities = _identities,
            ReceivedAt = HeardAt,
        };

        // Behind a write that is held back every other one is, though what that waited for may be in memory by now.
        var isHeldBack = _heldBackWrites > 0 || HasReadThatMayTakeLonger();
        _pending.Enqueue(request);
        if (isHeldBack)
            _heldBackWrites++;
        else
            Submit(request);
    }

    private void Submit(PendingRequest request)
    {
        _undecidedWrites++;
        _submitQueue.Enqueue(request);
    }

    private void EnqueueOther(OpCode operation, int xid, ReadOnlySpan<byte> body)
    {
        _pending.Enqueue(new PendingRequest(this, xid, operation, body.ToArray()) { ReceivedAt = HeardAt });
        if (SessionReads.IsRead(operation))
            _pendingReads++;
    }

    private void DequeueHead()
    {
        if (SessionReads.IsRead(_pending.Dequeue().Operation))
            _pendingReads--;
    }

    private bool HasReadThatMayTakeLonger()
    {
        if (_isLoading)
            return true;
        if (_pendingReads == 0)
            return false;

        var replyBytes = 0L;
        foreach (var waiting in _pending)
        {
            if (SessionReads.IsRead(waiting.Operation) && MayTakeLonger(waiting, ref replyBytes))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether a read that waits may not be answered as soon as its turn comes: what it needs is not in memory or is with the ledger, or its
    /// reply and those before it may find no room.
    /// </summary>
    private bool MayTakeLonger(PendingRequest read, ref long replyBytes) =>
        Output.IsFull || !IsResident(read, ref replyBytes) || replyBytes > MostReplyBytesBeforeWrite;

    private bool IsResident(PendingRequest read, ref long replyBytes)
    {
        if (read.Operation == OpCode.Sync)
            return read.IsSynced;

        try
        {
            return _reads.IsResident(read.Operation, read.Body.Span, ref replyBytes);
        }
        catch (JuteFormatException)
        {
            return true;
        }
    }

    /// <summary>Answers what can be answered, in order. Under the lock.</summary>
    private void Drain()
    {
        while (!_isLoading && _pending.TryPeek(out var head))
        {
            if (SessionReads.IsRead(head.Operation))
            {
                if (!TryAnswerWaiting(head))
                    return;
            }
            else if (head.Operation is OpCode.Auth or OpCode.Sasl)
            {
                SessionReplies.WriteAcknowledgement(Output, head.Operation, head.Xid);
            }
            else if (!WriteOperations.Contains(head.Operation))
            {
                RefuseUnknown(head);
                return;
            }
            else if (head.IsDecided)
            {
                SessionReplies.WriteDecision(Output, head);
            }
            else
            {
                if (!head.IsSubmitted)
                    SubmitHeldBack();
                break;
            }

            Counters.CountAnswered(head.Operation, head.Xid, head.Decision?.Zxid);
            Counters.Latency.Add(_time.GetElapsedTime(head.ReceivedAt), requests: 1);
            DequeueHead();
        }

        if (_room is { } room && _pending.Count < _roomBelow)
        {
            _room = null;
            room.TrySetResult();
        }
    }

    /// <summary>Submits the writes at the head that waited for a read.</summary>
    private void SubmitHeldBack()
    {
        var replyBytes = 0L;
        foreach (var waiting in _pending)
        {
            if (SessionReads.IsRead(waiting.Operation) && MayTakeLonger(waiting, ref replyBytes))
                break;
            if (waiting.IsSubmitted || !WriteOperations.Contains(waiting.Operation))
                continue;

            Submit(waiting);
            _heldBackWrites--;
        }

        _submitQueue.SubmitSoon();
    }

    /// <summary>
    /// What a read needs was in memory when a later write was submitted, but left it before the read's turn, and the write took effect while
    /// that was loaded again. To lose the connection is better than to show the client what it wrote later.
    /// </summary>
    private void AbortOvertaken()
    {
        End();
        Output.Abort("a write that it sent later took effect before what it asked for could be loaded");
    }

    /// <summary>As ZooKeeper: the reply to an operation that does not exist is the connection's last.</summary>
    private void RefuseUnknown(PendingRequest head)
    {
        const long NoZxid = -1;
        ReplyWriter.WriteHeader(Output, head.Xid, NoZxid, ErrorCode.Unimplemented);
        End();
        Output.Flush();
        Output.Close();
    }

    private bool TryAnswerWaiting(PendingRequest head)
    {
        // What is submitted and undecided comes later, since this is the first that waits: it must not be seen, room or not.
        if (Output.IsFull && _undecidedWrites == 0)
        {
            Postpone(ReadOutcome.OutputFull);
            return false;
        }

        var outcome = Answer(head.Operation, head.Xid, head.Body.Span, head);
        if (outcome.State == ReadState.Answered)
            return true;

        Postpone(outcome);
        return false;
    }

    private bool TryAnswer(OpCode operation, int xid, ReadOnlySpan<byte> body)
    {
        var outcome = Answer(operation, xid, body);
        switch (outcome.State)
        {
            case ReadState.Unsettled:
                return false;
            case ReadState.Answered:
                Counters.CountAnswered(operation, xid, null);
                return true;
            default:
                EnqueueOther(operation, xid, body);
                Postpone(outcome);
                return true;
        }
    }

    private ReadOutcome Answer(OpCode operation, int xid, ReadOnlySpan<byte> body, PendingRequest? waited = null)
    {
        try
        {
            return _reads.Answer(this, operation, xid, body, waited);
        }
        catch (JuteFormatException)
        {
            ReplyWriter.WriteHeader(Output, xid, _reads.Watermark, ErrorCode.MarshallingError);
            return ReadOutcome.Answered;
        }
    }

    /// <summary>Comes back to the head of the queue when what it waits for is there.</summary>
    private void Postpone(ReadOutcome outcome)
    {
        _isLoading = true;
        _ = ResumeAsync(outcome);
    }

    private async Task ResumeAsync(ReadOutcome outcome)
    {
        long? count = null;
        var isLoaded = outcome.State switch
        {
            ReadState.NeedsZNodes => await LoadAsync(outcome.MissingPaths).ConfigureAwait(false),
            ReadState.NeedsSync => await _sync.TryWaitAsync().ConfigureAwait(false),
            ReadState.NeedsChildren => await _loader.TryLoadChildrenAsync(outcome.MissingPaths).ConfigureAwait(false),
            ReadState.NeedsCount => (count = await _counter.TryCountAsync(outcome.MissingPaths[0]).ConfigureAwait(false)) is not null,
            _ => await WaitAsync(outcome.State).ConfigureAwait(false),
        };
        lock (_lock)
        {
            _isLoading = false;
            if (_isClosed)
                return;
            if (!isLoaded)
                RefuseHead();
            else if (outcome.State == ReadState.NeedsSync)
                _pending.Peek().IsSynced = true;
            else if (outcome.State == ReadState.NeedsCount)
                _pending.Peek().Count = count;
            Drain();
            Output.Flush();
        }
    }

    /// <summary>Loads what the head asks for, and with it what the reads behind will: each would wait for the store by itself.</summary>
    private async Task<bool> LoadAsync(IReadOnlyList<string> paths)
    {
        // The caller holds the lock until the first wait.
        var loadingAhead = _loader.LoadAheadAsync(MissingBehind(paths));
        var isLoaded = await _loader.TryLoadAsync(paths).ConfigureAwait(false);
        await loadingAhead.ConfigureAwait(false);
        return isLoaded;
    }

    /// <summary>What the reads behind the head will wait for; nothing when the head alone waits for as much.</summary>
    private List<string> MissingBehind(IReadOnlyList<string> headPaths)
    {
        var missing = new List<string>();
        if (headPaths.Count >= MostLoadedAhead)
            return missing;

        foreach (var waiting in _pending.Skip(1).Take(MostLookedAtAhead))
        {
            if (missing.Count == MostLoadedAhead)
                break;
            if (MissingZNode(waiting) is { } path && !headPaths.Contains(path) && !missing.Contains(path))
                missing.Add(path);
        }

        return missing;
    }

    private string? MissingZNode(PendingRequest waiting)
    {
        try
        {
            return _reads.MissingZNode(waiting.Operation, waiting.Body.Span);
        }
        catch (JuteFormatException)
        {
            return null;
        }
    }

    private async Task<bool> WaitAsync(ReadState state)
    {
        if (state == ReadState.OutputFull)
            await Output.WaitForRoomAsync().ConfigureAwait(false);

        // The caller holds the lock.
        await Task.Yield();
        return true;
    }

    /// <summary>What the head asks for cannot be read from the store or the ledger.</summary>
    private void RefuseHead()
    {
        ReplyWriter.WriteHeader(Output, _pending.Peek().Xid, _reads.Watermark, ErrorCode.SystemError);
        DequeueHead();
    }
}
