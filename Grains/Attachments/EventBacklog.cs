using System.Buffers;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>
/// The events of an attachment, numbered, until the client has said that it has them. Those of one round of the replica stay together. Used under
/// the attachment's lock.
/// </summary>
internal sealed class EventBacklog(long attachment)
{
    private readonly Queue<SessionEvents> _unacknowledged = new();
    private ArrayBufferWriter<byte> _open = new();
    private int _openCount;
    private long _sealedBytes;

    /// <summary>Number of the last event that can be sent.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Bytes of events that the client does not have yet, as far as it has said.</summary>
    public long Bytes => _sealedBytes + _open.WrittenCount;

    public void Add(ReadOnlySpan<byte> frame)
    {
        _open.Write(frame);
        _openCount++;
    }

    /// <summary>What was added since the last time; null when nothing was.</summary>
    public SessionEvents? Seal()
    {
        if (_openCount == 0)
            return null;

        var events = new SessionEvents(attachment, LastNumber + 1, _openCount, _open.WrittenMemory);
        LastNumber = events.Last;
        _unacknowledged.Enqueue(events);
        _sealedBytes += events.Frames.Length;
        _open = new ArrayBufferWriter<byte>();
        _openCount = 0;
        return events;
    }

    /// <summary>The client has all events up to this one.</summary>
    public void Acknowledge(long number)
    {
        while (_unacknowledged.TryPeek(out var oldest) && oldest.Last <= number)
            _sealedBytes -= _unacknowledged.Dequeue().Frames.Length;
    }

    /// <summary>All that the client may not have.</summary>
    public SessionEvents[] Read() => [.. _unacknowledged];
}
