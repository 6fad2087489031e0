using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// Brings the sequencer's decisions to this silo's replica and to whoever waits for them, in order and each once, whether they come from this
/// silo's appender, from another silo's messages or from the log. On a thread of its own:
/// apply the transaction (its watches fire), answer its request, and so on; connections are flushed once a batch. The appender's own
/// thread does that where it has time, which spares a change of threads and lets the next batch grow.
/// </summary>
internal sealed partial class CommitFeed(
    Replica replica, UndecidedRequests undecided, ClientSessionTable sessions, ILogger<CommitFeed> logger) : IDecisionSink, IDisposable
{
    /// <summary>Transactions that wait to be delivered, beyond which those who bring more are kept waiting.</summary>
    private const int MostWaiting = 20_000;

    private readonly object _lock = new();
    private readonly Queue<Decisions> _queue = new();
    private readonly DeliveryRound _round = new();
    private Action<OrderedBatch>? _recycle;
    private Thread? _thread;
    private bool _isDelivering;
    private bool _isStopping;
    private long _lastZxid;
    private int _waitingTransactions;
    private TaskCompletionSource? _room;

    /// <summary>Zxid of the last transaction that was brought.</summary>
    public long LastZxid => Volatile.Read(ref _lastZxid);

    /// <summary>Called when an epoch begins here: everything before it is delivered.</summary>
    public Action<EpochBeginning>? Begun { get; set; }

    /// <summary>Called after each delivery.</summary>
    public Action? Delivered { get; set; }

    /// <summary>Begins behind a zxid that the replica has.</summary>
    /// <param name="lastZxid">That zxid.</param>
    /// <param name="recycle">Takes back the appender's batches.</param>
    public void Start(long lastZxid, Action<OrderedBatch> recycle)
    {
        _lastZxid = lastZxid;
        _recycle = recycle;
        _thread = new Thread(Run) { IsBackground = true, Name = "Commit feed" };
        _thread.Start();
    }

    public void Committed(OrderedBatch batch, bool hasTime)
    {
        var decisions = new Decisions { Transactions = batch.Transactions, Batch = batch };
        if (!TryAdd(batch.PreviousZxid, batch.LastZxid, decisions, hasTime))
            throw new InvalidOperationException($"Zxid 0x{batch.FirstZxid:x} was appended, but what is before it never came.");
    }

    /// <summary>
    /// Takes a batch of the log, if it follows what came before; one that came before is not delivered again. False when something is
    /// missing before it.
    /// </summary>
    /// <param name="previousZxid">The zxid that the batch follows.</param>
    /// <param name="lastZxid">Its last zxid.</param>
    /// <param name="transactions">Its transactions.</param>
    /// <param name="hasTime">It may be delivered on the caller's thread.</param>
    public bool TryAdd(long previousZxid, long lastZxid, IReadOnlyList<Transaction> transactions, bool hasTime) =>
        TryAdd(previousZxid, lastZxid, new Decisions { Transactions = transactions }, hasTime);

    public void Rejected(IReadOnlyList<RequestOrigin> requests, ErrorCode error)
    {
        if (requests.Count > 0)
            Enqueue(new Decisions { Rejected = requests, Error = error });
    }

    /// <summary>An epoch begins behind what came so far.</summary>
    public void Begin(EpochBeginning epoch) => Enqueue(new Decisions { Beginning = epoch });

    /// <summary>Completes when so little waits to be delivered that more may come.</summary>
    public Task WaitForRoomAsync() => WaitForAsync(MostWaiting);

    /// <summary>Completes when nothing waits to be delivered.</summary>
    public Task WaitUntilDeliveredAsync() => WaitForAsync(0);

    /// <summary>Delivers what was decided so far, and stops.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isStopping = true;
            Monitor.Pulse(_lock);
        }

        _thread?.Join();
    }

    private bool TryAdd(long previousZxid, long lastZxid, Decisions decisions, bool hasTime)
    {
        lock (_lock)
        {
            if (lastZxid <= _lastZxid)
                return true;
            if (previousZxid != _lastZxid)
                return false;

            Volatile.Write(ref _lastZxid, lastZxid);
            if (!hasTime || _queue.Count > 0 || _isDelivering)
            {
                EnqueueLocked(decisions);
                return true;
            }

            _isDelivering = true;
        }

        DeliverOrEnd(decisions);
        End();
        return true;
    }

    private void Enqueue(Decisions decisions)
    {
        lock (_lock)
            EnqueueLocked(decisions);
    }

    private void EnqueueLocked(Decisions decisions)
    {
        _queue.Enqueue(decisions);
        _waitingTransactions += decisions.Transactions.Count;
        Monitor.Pulse(_lock);
    }

    private async Task WaitForAsync(int most)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_waitingTransactions <= most && (most > 0 || (_queue.Count == 0 && !_isDelivering)))
                    return;

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.ConfigureAwait(false);
        }
    }

    private void Run()
    {
        while (Take() is { } decisions)
        {
            DeliverOrEnd(decisions);
            End();
        }
    }

    /// <summary>Takes the next decisions, and with them the turn to deliver.</summary>
    private Decisions? Take()
    {
        lock (_lock)
        {
            while (_queue.Count == 0 || _isDelivering)
            {
                if (_isStopping && _queue.Count == 0)
                    return null;

                Monitor.Wait(_lock);
            }

            _isDelivering = true;
            var decisions = _queue.Dequeue();
            _waitingTransactions -= decisions.Transactions.Count;
            return decisions;
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _isDelivering = false;
            if (_queue.Count > 0)
                Monitor.Pulse(_lock);
            _room?.TrySetResult();
            _room = null;
        }
    }

    private void DeliverOrEnd(Decisions decisions)
    {
        try
        {
            Deliver(decisions);
        }
        catch (Exception exception)
        {
            // A replica that missed a transaction must not serve another read.
            LogBroken(exception);
            Environment.FailFast("The replica could not apply a committed transaction.", exception);
        }
    }

    private void Deliver(Decisions decisions)
    {
        foreach (var transaction in decisions.Transactions)
        {
            replica.Apply(transaction, _round);
            undecided.Decide(transaction, _round);
            if (transaction is { Operation: OpCode.CloseSession, Error: ErrorCode.Ok })
                sessions.Closed(transaction.SessionId, _round);
            else if (transaction is { Operation: OpCode.AttachSession, Error: ErrorCode.Ok } && transaction.Origin.Submitter != undecided.Submitter)
                sessions.CloseConnectionOf(transaction.SessionId);
        }

        if (decisions.Batch is { } batch)
            _recycle?.Invoke(batch);
        if (decisions.Beginning is { } beginning)
            Begun?.Invoke(beginning);

        foreach (var request in decisions.Rejected)
            undecided.Reject(request, decisions.Error, _round);
        _round.Flush();
        Delivered?.Invoke();
    }

    [LoggerMessage(LogLevel.Critical, "The replica could not apply a committed transaction; the process ends.")]
    private partial void LogBroken(Exception exception);

    /// <summary>What one delivery brings.</summary>
    private sealed class Decisions
    {
        public IReadOnlyList<Transaction> Transactions { get; init; } = [];

        /// <summary>The appender's batch that holds the transactions, when they are this silo's own.</summary>
        public OrderedBatch? Batch { get; init; }

        public IReadOnlyList<RequestOrigin> Rejected { get; init; } = [];

        /// <summary>Why the requests were rejected.</summary>
        public ErrorCode Error { get; init; }

        /// <summary>The epoch that begins here.</summary>
        public EpochBeginning? Beginning { get; init; }
    }
}
