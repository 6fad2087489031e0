using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// The batches between the order and the log: one fills, the full ones wait for the appender, and those that were applied are used again.
/// There are no timers: while one batch is on the disk the next one fills.
/// </summary>
internal sealed class BatchQueue(TimeProvider time)
{
    /// <summary>A batch is one row of the log: larger ones make the fsync longer without making it rarer.</summary>
    private const int MostBytesInBatch = 4 * 1024 * 1024;

    private const int MostSpareBatches = 4;

    /// <summary>
    /// For about 0.1 ms the appender stays awake behind a batch of one transaction: so long a client who writes alone takes to read its reply
    /// and write again, and a thread that sleeps half of that to wake up. (The runtime makes a spin 37 ns long, whatever the processor.)
    /// </summary>
    private const int SpinsAwake = 2700;

    private const int SpinsBetweenLooks = 30;

    /// <summary>
    /// For so long a batch fills before those who fill it let others have their processor. Reads keep a socket's thread busy without a pause,
    /// and the kernel lets the appender wait for one of those threads' processors by the millisecond.
    /// </summary>
    private static readonly TimeSpan LongFill = TimeSpan.FromMilliseconds(0.8);

    private readonly object _lock = new();
    private readonly Queue<OrderedBatch> _full = new();
    private readonly Stack<OrderedBatch> _spare = new();
    private OrderedBatch _filling = new();
    private long _fillingSince;
    private bool _isCompleted;
    private bool _isWriterAlone;
    private volatile bool _isEmpty = true;
    private volatile bool _isAbandoned;

    /// <summary>Whether nothing waits for the appender.</summary>
    public bool IsEmpty => _isEmpty;

    public bool IsAbandoned => _isAbandoned;

    /// <summary>Begins empty.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _full.Clear();
            _filling = RentUnderLock();
            _isCompleted = false;
            _isEmpty = true;
        }

        _isWriterAlone = false;
        _isAbandoned = false;
    }

    /// <summary>Adds the next transaction of the order to the batch that fills.</summary>
    public void Add(Transaction transaction)
    {
        lock (_lock)
        {
            var isNextEpoch = _filling.Transactions.Count > 0 && _filling.Epoch != Protocol.Zxid.EpochOf(transaction.Zxid);
            if (isNextEpoch || _filling.PayloadLength >= MostBytesInBatch)
            {
                _full.Enqueue(_filling);
                _filling = RentUnderLock();
            }

            if (_filling.Transactions.Count == 0)
                _fillingSince = time.GetTimestamp();
            _filling.Add(transaction);
            _isEmpty = false;
        }
    }

    /// <summary>
    /// Wakes the appender: some transactions were added. Gives up the processor once for each <see cref="LongFill"/> that the appender needs to
    /// take them, so it is not to be called under a lock.
    /// </summary>
    public void Signal()
    {
        bool isLong;
        lock (_lock)
        {
            Monitor.Pulse(_lock);
            isLong = _filling.Transactions.Count > 0 && time.GetElapsedTime(_fillingSince) > LongFill;
            if (isLong)
                _fillingSince = time.GetTimestamp();
        }

        if (isLong)
            Thread.Yield();
    }

    /// <summary>Waits for transactions and takes a batch of them; null when there will be none.</summary>
    public OrderedBatch? Take()
    {
        if (_isWriterAlone)
            StayAwake();
        if (!WaitForTransactions())
            return null;

        // Where processors are short, those who have more to order go first, and one larger batch costs less than two.
        Thread.Yield();
        lock (_lock)
        {
            if (!_full.TryDequeue(out var batch))
            {
                batch = _filling;
                _filling = RentUnderLock();
            }

            _isEmpty = _full.Count == 0 && _filling.Transactions.Count == 0;
            _isWriterAlone = batch.Transactions.Count == 1;
            return batch;
        }
    }

    /// <summary>An empty batch.</summary>
    public OrderedBatch Rent()
    {
        lock (_lock)
            return RentUnderLock();
    }

    /// <summary>Takes back a batch whose transactions are applied.</summary>
    public void Recycle(OrderedBatch batch)
    {
        batch.Clear();
        lock (_lock)
        {
            if (_spare.Count < MostSpareBatches)
                _spare.Push(batch);
        }
    }

    /// <summary>Removes everything, and says whose requests that were.</summary>
    public void TakeBack(List<RequestOrigin> removed)
    {
        lock (_lock)
        {
            foreach (var full in _full)
                removed.AddRange(full.Transactions.Select(transaction => transaction.Origin));
            removed.AddRange(_filling.Transactions.Select(transaction => transaction.Origin));
            _full.Clear();
            _filling.Clear();
            _isEmpty = true;
        }
    }

    /// <summary>Nothing will be added: the appender ends behind what is there.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isCompleted = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Nothing is to be taken any more.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        lock (_lock)
            Monitor.Pulse(_lock);
    }

    private void StayAwake()
    {
        // Whom the reply woke may have to run on this processor.
        Thread.Yield();
        for (var spins = 0; spins < SpinsAwake && _isEmpty; spins += SpinsBetweenLooks)
            Thread.SpinWait(SpinsBetweenLooks);
    }

    private bool WaitForTransactions()
    {
        lock (_lock)
        {
            while (!_isAbandoned && _isEmpty)
            {
                if (_isCompleted)
                    return false;

                Monitor.Wait(_lock);
            }

            return !_isAbandoned;
        }
    }

    private OrderedBatch RentUnderLock() => _spare.TryPop(out var spare) ? spare : new OrderedBatch();
}
