using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// Gives every write request its place in the total order: validates it against the state that all earlier ones leave (rule R1), takes
/// the next zxid, also for one that fails, and hands the transaction to the appender. A request that needs znodes which are not in
/// memory waits for them, and with it the later requests of its session; those of other sessions pass.
/// </summary>
internal sealed partial class TransactionOrderer
{
    private readonly Lock _lock = new();
    private static readonly TimeSpan PauseAfterFailedLoad = TimeSpan.FromMilliseconds(100);

    private readonly Replica _replica;
    private readonly SpeculativeTree _tree;
    private readonly LogAppender _appender;
    private readonly ZNodeLoader _loader;
    private readonly TimeProvider _time;
    private readonly ILogger<TransactionOrderer> _logger;
    private readonly Dictionary<long, Queue<(string Submitter, SubmittedRequest Request)>> _waiting = [];

    /// <summary>The last request of each submitting silo that was received since this silo began to order (rule R9).</summary>
    private readonly Dictionary<string, long> _received = [];
    private long _lastZxid;
    private long _lastKeyWithoutSession;

    /// <summary>The epoch with which this silo began to order; 0 while it does not.</summary>
    private int _firstEpoch;

    public TransactionOrderer(Replica replica, LogAppender appender, ZNodeLoader loader, TimeProvider time, ILogger<TransactionOrderer> logger)
    {
        _replica = replica;
        _tree = new SpeculativeTree(replica);
        _appender = appender;
        _loader = loader;
        _time = time;
        _logger = logger;
        appender.RollingBack = RollBack;
    }

    /// <summary>Number of changes that are ordered but not applied.</summary>
    public int Outstanding
    {
        get
        {
            lock (_lock)
                return _tree.Outstanding;
        }
    }

    /// <summary>
    /// Begins an epoch that this silo has claimed: its first transaction has counter 1. The replica has everything that is in the log.
    /// </summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="lastZxid">Where the log ends.</param>
    public void Begin(int epoch, long lastZxid)
    {
        lock (_lock)
        {
            _tree.Reset();
            _waiting.Clear();
            _received.Clear();
            _lastZxid = Math.Max(lastZxid, Zxid.Of(epoch, 0));
            _firstEpoch = epoch;
        }
    }

    /// <summary>Orders nothing more: the epoch is lost, or handed over. What is not appended stays undecided (rule R3).</summary>
    public void End()
    {
        lock (_lock)
            _firstEpoch = 0;
    }

    /// <summary>
    /// Orders a silo's requests, in order, those that were received before left out; false when this silo does not order in that epoch.
    /// </summary>
    public bool Order(int epoch, string submitter, IReadOnlyList<SubmittedRequest> requests)
    {
        lock (_lock)
        {
            if (_firstEpoch == 0 || epoch < _firstEpoch)
                return false;

            _tree.Settle();
            var received = _received.GetValueOrDefault(submitter);

            // Without an enumerator: most submissions to this silo's own sequencer have one request.
            for (var i = 0; i < requests.Count; i++)
            {
                var request = requests[i];
                if (request.Number <= received)
                    continue;

                received = request.Number;
                if (_waiting.Count > 0 && _waiting.TryGetValue(request.SessionId, out var queue))
                    queue.Enqueue((submitter, request));
                else if (!TryOrder(submitter, request, out var missingPaths))
                    Wait(submitter, request, missingPaths!);
            }

            _received[submitter] = received;
        }

        _appender.Signal();
        return true;
    }

    private bool TryOrder(string submitter, SubmittedRequest request, out IReadOnlyList<string>? missingPaths)
    {
        missingPaths = null;

        // A sequencer that was fenced answers nothing more (rule R3).
        if (_firstEpoch == 0)
            return true;

        if (Validate(submitter, request, out missingPaths) is not { } transaction)
            return false;

        _lastZxid = transaction.Zxid;
        _appender.Add(transaction);
        return true;
    }

    private Transaction? Validate(string submitter, SubmittedRequest request, out IReadOnlyList<string>? missingPaths)
    {
        var (zxid, now) = (NextZxid(), Now());
        try
        {
            return RequestValidation.Validate(_tree, submitter, request, zxid, now, out missingPaths);
        }
        catch (Exception exception)
        {
            // A mistake of ours fails the one request and no other.
            LogNotValidated(request.Operation, exception);
            _tree.RollBack();
            missingPaths = null;
            return new Transaction
            {
                Zxid = zxid,
                Time = now,
                SessionId = request.SessionId,
                Origin = new RequestOrigin(submitter, request.Number),
                Operation = request.Operation,
                Error = ErrorCode.SystemError,
            };
        }
    }

    // The appender claims the next epoch before it appends its first transaction.
    private long NextZxid() => Zxid.CounterOf(_lastZxid) == uint.MaxValue ? Zxid.Of(Zxid.EpochOf(_lastZxid) + 1, 1) : _lastZxid + 1;

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Wait(string submitter, SubmittedRequest request, IReadOnlyList<string> missingPaths)
    {
        var queue = new Queue<(string, SubmittedRequest)>();
        queue.Enqueue((submitter, request));

        // Requests without a session depend on nothing before them: each waits by itself. No session's id is negative.
        var key = request.SessionId == 0 ? --_lastKeyWithoutSession : request.SessionId;
        _waiting.Add(key, queue);
        _ = OrderWhenResidentAsync(key, missingPaths);
    }

    private async Task OrderWhenResidentAsync(long key, IReadOnlyList<string>? missingPaths)
    {
        while (missingPaths is not null)
        {
            // Nobody can tell what the request comes to before the store can be read again.
            if (!await _loader.TryLoadAsync(missingPaths).ConfigureAwait(false))
                await Task.Delay(PauseAfterFailedLoad, _time).ConfigureAwait(false);
            missingPaths = OrderWaiting(key);
            _appender.Signal();
        }
    }

    /// <summary>Orders what waits under a key; returns the paths that are missing next.</summary>
    private IReadOnlyList<string>? OrderWaiting(long key)
    {
        lock (_lock)
        {
            // Another epoch may have begun meanwhile, for which everything is submitted again.
            if (!_waiting.TryGetValue(key, out var queue))
                return null;

            _tree.Settle();
            while (queue.TryPeek(out var next))
            {
                if (!TryOrder(next.Submitter, next.Request, out var missingPaths))
                    return missingPaths;

                queue.Dequeue();
            }

            _waiting.Remove(key);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "A request to {Operation} could not be validated; it fails with SystemError.")]
    private partial void LogNotValidated(OpCode operation, Exception exception);

    private void RollBack(long lastZxid, Action takeBack)
    {
        lock (_lock)
        {
            takeBack();

            // What is durable but not applied yet is known to the speculative tree alone.
            SpinWait.SpinUntil(() => _replica.Watermark >= lastZxid);
            _tree.Reset();
            _lastZxid = Zxid.EpochOf(lastZxid) == Zxid.EpochOf(_lastZxid) ? lastZxid : Zxid.Of(Zxid.EpochOf(_lastZxid), 0);
        }
    }
}
