using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>The last messages of one stream, until all who read it have them; the oldest are dropped when there are too many.</summary>
/// <param name="streamId">The stream.</param>
/// <param name="abandoned">Called when nobody reads it any more.</param>
internal sealed class StreamTail(StreamId streamId, Action abandoned)
{
    private const int Capacity = 256;

    private readonly Queue<SessionEventContainer> _messages = new();
    private readonly List<StreamCursor> _cursors = [];

    public StreamId StreamId { get; } = streamId;

    public long LastNumber { get; private set; }

    public void Add(SessionEventContainer message)
    {
        LastNumber = message.Number;
        if (_messages.Count == Capacity)
            _messages.Dequeue();
        _messages.Enqueue(message);
    }

    public StreamCursor CursorBehind(long number)
    {
        var cursor = new StreamCursor(this, number);
        _cursors.Add(cursor);
        return cursor;
    }

    /// <summary>All messages behind a number, as one; null when there are none.</summary>
    public SessionEventContainer? ReadBehind(long number)
    {
        if (LastNumber <= number)
            return null;

        var unread = _messages.Where(message => message.Number > number).ToArray();
        return unread switch
        {
            [] => null,
            [var only] => only,
            _ => new SessionEventContainer(StreamId, [.. unread.SelectMany(message => message.Events)], unread[^1].Number),
        };
    }

    /// <summary>Drops what all have read.</summary>
    public void Trim()
    {
        while (_messages.TryPeek(out var oldest) && _cursors.TrueForAll(cursor => cursor.Number >= oldest.Number))
            _messages.Dequeue();
    }

    public void Remove(StreamCursor cursor)
    {
        _cursors.Remove(cursor);
        if (_cursors.Count == 0)
            abandoned();
    }
}
