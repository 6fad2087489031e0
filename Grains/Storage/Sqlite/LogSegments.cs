namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Which slots of the log are filled, in which order, and which one is next. Found out from the file when it is opened
/// (<see cref="LogSpace"/>), and kept up to date by the one process that writes to it. For any thread.
/// </summary>
internal sealed class LogSegments
{
    private const long NoSlot = -1;

    private readonly Lock _lock = new();
    private readonly List<LogSegment> _filled = [];
    private readonly Queue<long> _free = new();

    /// <summary>The slot with the last batch; one that does not exist when there is none.</summary>
    public long TailSlot
    {
        get
        {
            lock (_lock)
                return _filled.Count == 0 ? NoSlot : _filled[^1].LastUsedSlot;
        }
    }

    /// <summary>Number of slots that there are, which is also the number of the next one to be added.</summary>
    public long SlotCount
    {
        get
        {
            lock (_lock)
                return (long)(_filled.Count + _free.Count) * LogSegment.Slots;
        }
    }

    /// <summary>The last zxid that was written and synced; 0 when there is none.</summary>
    public long LastZxid
    {
        get
        {
            lock (_lock)
                return _filled.Count == 0 ? 0 : _filled[^1].LastZxid;
        }
    }

    /// <summary>The slot to be filled next, and whether it is the last one that is free.</summary>
    public (long Slot, bool IsLastFree) Next
    {
        get
        {
            lock (_lock)
            {
                return _filled.Count > 0 && _filled[^1] is { IsFull: false } tail
                    ? (tail.LastUsedSlot + 1, _free.Count == 0 && tail.Used == LogSegment.Slots - 1)
                    : (_free.Peek(), false);
            }
        }
    }

    /// <summary>Begins with what the file holds.</summary>
    /// <param name="filled">The segments with live batches, in their order.</param>
    /// <param name="free">The first slots of the others.</param>
    public void Begin(IReadOnlyCollection<LogSegment> filled, IReadOnlyCollection<long> free)
    {
        lock (_lock)
        {
            _filled.Clear();
            _free.Clear();
            _filled.AddRange(filled);
            foreach (var firstSlot in free)
                _free.Enqueue(firstSlot);
        }
    }

    /// <summary>A segment was added behind the last slot.</summary>
    public void Grown()
    {
        lock (_lock)
            _free.Enqueue(SlotCount);
    }

    /// <summary>A batch was added to the slot with the last one.</summary>
    public void Extended(in LogBatch batch)
    {
        lock (_lock)
            _filled[^1] = _filled[^1] with { LastZxid = batch.LastZxid };
    }

    /// <summary>A batch was written to the next slot.</summary>
    public void Filled(in LogBatch batch)
    {
        lock (_lock)
        {
            if (_filled.Count > 0 && _filled[^1] is { IsFull: false } tail)
                _filled[^1] = tail with { Used = tail.Used + 1, LastZxid = batch.LastZxid };
            else
                _filled.Add(new LogSegment(_free.Dequeue(), Used: 1, batch.FirstZxid, batch.LastZxid));
        }
    }

    /// <summary>Everything up to a zxid was trimmed, which is not all: the segments that end before it are free.</summary>
    public void Trimmed(long zxid)
    {
        lock (_lock)
        {
            var count = IndexBehind(zxid);
            for (var i = 0; i < count; i++)
                _free.Enqueue(_filled[i].FirstSlot);
            _filled.RemoveRange(0, count);
        }
    }

    /// <summary>Finds the segment with the first batch that ends behind a zxid.</summary>
    /// <returns>The segment, and the last zxid of the one before, 0 if there is none; null when no batch ends behind the zxid.</returns>
    public (LogSegment Segment, long PreviousZxid)? Locate(long zxid)
    {
        lock (_lock)
        {
            var index = IndexBehind(zxid);
            return index == _filled.Count ? null : (_filled[index], index == 0 ? 0 : _filled[index - 1].LastZxid);
        }
    }

    /// <summary>The segments that begin at or before a zxid, the last one first.</summary>
    public LogSegment[] BeginningUpTo(long zxid)
    {
        lock (_lock)
            return [.. _filled.Where(segment => segment.FirstZxid <= zxid).Reverse()];
    }

    /// <summary>Index of the first segment that ends behind a zxid.</summary>
    private int IndexBehind(long zxid)
    {
        var (low, high) = (0, _filled.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_filled[middle].LastZxid > zxid)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
