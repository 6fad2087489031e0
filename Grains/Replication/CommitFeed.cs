using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// Brings the sequencer's decisions to this silo's replica and to whoever waits for them, in order, on a thread of its own:
/// apply the transaction (its watches fire), answer its request, and so on; connections are flushed once a batch. The appender's own
/// thread does that where it has time, which spares a change of threads and lets the next batch grow.
/// </summary>
internal sealed partial class CommitFeed(
    Replica replica, UndecidedRequests undecided, ClientSessionTable sessions, ILogger<CommitFeed> logger) : IDecisionSink, IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<Decisions> _queue = new();
    private readonly DeliveryRound _round = new();
    private Action<OrderedBatch>? _recycle;
    private Thread? _thread;
    private bool _isDelivering;
    private bool _isStopping;

    public void Start(Action<OrderedBatch> recycle)
    {
        _recycle = recycle;
        _thread = new Thread(Run) { IsBackground = true, Name = "Commit feed" };
        _thread.Start();
    }

    public void Committed(OrderedBatch batch, bool hasTime)
    {
        var decisions = new Decisions(batch, [], ErrorCode.Ok);
        if (!hasTime || !TryBegin())
        {
            Enqueue(decisions);
            return;
        }

        DeliverOrEnd(decisions);
        End();
    }

    public void Rejected(IReadOnlyList<RequestOrigin> requests, ErrorCode error) => Enqueue(new Decisions(null, requests, error));

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

    private void Enqueue(Decisions decisions)
    {
        lock (_lock)
        {
            _queue.Enqueue(decisions);
            Monitor.Pulse(_lock);
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
            return _queue.Dequeue();
        }
    }

    /// <summary>Takes the turn to deliver unless others are before.</summary>
    private bool TryBegin()
    {
        lock (_lock)
        {
            if (_queue.Count > 0 || _isDelivering)
                return false;

            return _isDelivering = true;
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _isDelivering = false;
            if (_queue.Count > 0)
                Monitor.Pulse(_lock);
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
        if (decisions.Batch is { } batch)
        {
            foreach (var transaction in batch.Transactions)
            {
                replica.Apply(transaction, _round);
                undecided.Decide(transaction, _round);
                if (transaction is { Operation: OpCode.CloseSession, Error: ErrorCode.Ok })
                    sessions.Closed(transaction.SessionId, _round);
            }

            _recycle?.Invoke(batch);
        }

        foreach (var request in decisions.Rejected)
            undecided.Reject(request, decisions.Error, _round);
        _round.Flush();
    }

    [LoggerMessage(LogLevel.Critical, "The replica could not apply a committed transaction; the process ends.")]
    private partial void LogBroken(Exception exception);

    private sealed record Decisions(OrderedBatch? Batch, IReadOnlyList<RequestOrigin> Rejected, ErrorCode Error);
}
