using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>How far one subscriber has read a stream. Takes everything that waits in one step, so that a client that lags catches up.</summary>
internal sealed class StreamCursor(StreamTail tail, long number) : IQueueCacheCursor
{
    private SessionEventContainer? _current;

    /// <summary>Number of the last message that was read.</summary>
    public long Number { get; private set; } = number;

    public IBatchContainer GetCurrent(out Exception exception)
    {
        exception = null!;
        return _current!;
    }

    public bool MoveNext()
    {
        _current = tail.ReadBehind(Number);
        if (_current is null)
            return false;

        Number = _current.Number;
        tail.Trim();
        return true;
    }

    public void Refresh(StreamSequenceToken token)
    {
    }

    public void RecordDeliveryFailure()
    {
    }

    public void Dispose() => tail.Remove(this);
}
