using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>Takes decisions as a silo does, applied to its replica, and remembers them by the number of the request.</summary>
internal sealed class RecordingSink(Replica replica) : IDecisionSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly object _lock = new();
    private readonly Dictionary<long, Transaction> _committed = [];
    private readonly Dictionary<long, ErrorCode> _rejected = [];
    private readonly List<long> _zxids = [];

    /// <summary>Takes batches back.</summary>
    public Action<OrderedBatch>? Recycle { get; set; }

    /// <summary>The zxids of what was committed, in order.</summary>
    public IReadOnlyList<long> Zxids
    {
        get
        {
            lock (_lock)
                return [.. _zxids];
        }
    }

    /// <summary>The numbers of the requests that were rejected, sorted.</summary>
    public IReadOnlyList<long> Rejections
    {
        get
        {
            lock (_lock)
                return [.. _rejected.Keys.Order()];
        }
    }

    public void Committed(OrderedBatch batch, bool hasTime)
    {
        lock (_lock)
        {
            foreach (var transaction in batch.Transactions)
            {
                replica.Apply(transaction, new DeliveryRound());
                _zxids.Add(transaction.Zxid);
                if (!_rejected.ContainsKey(transaction.Origin.Number))
                    _committed.Add(transaction.Origin.Number, transaction);
            }

            Monitor.PulseAll(_lock);
        }

        Recycle?.Invoke(batch);
    }

    public void Rejected(IReadOnlyList<RequestOrigin> requests, ErrorCode error)
    {
        lock (_lock)
        {
            foreach (var request in requests)
                _rejected.Add(request.Number, error);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>What became of a request: its transaction's error, or the one that it was rejected with.</summary>
    public (ErrorCode Error, bool IsRejected) DecisionOf(long number)
    {
        lock (_lock)
        {
            while (true)
            {
                if (_rejected.TryGetValue(number, out var rejection))
                    return (rejection, true);
                if (_committed.TryGetValue(number, out var transaction))
                    return (transaction.Error, false);

                Assert.True(Monitor.Wait(_lock, Patience), $"Request {number} was not decided in time.");
            }
        }
    }
}
