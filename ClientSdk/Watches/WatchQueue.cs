using System.Threading.Channels;

namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// The events of a persistent watch that its reader has not taken. Bounded: when a reader lets it fill up, what comes then is dropped, and the reader
/// gets one event of type <see cref="WatchEventType.Missed"/> in its place.
/// </summary>
internal sealed class WatchQueue(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Channel<WatchEvent> _events = Channel.CreateBounded<WatchEvent>(
        new BoundedChannelOptions(capacity) { SingleWriter = true });

    private WatchEvent? _missed;

    public void Add(in WatchEvent watchEvent)
    {
        lock (_lock)
        {
            if (_missed is not null || !_events.Writer.TryWrite(watchEvent))
                _missed = watchEvent;
        }
    }

    /// <summary>An event is dropped.</summary>
    public void Drop(in WatchEvent watchEvent)
    {
        lock (_lock)
            _missed = watchEvent;
    }

    /// <summary>No more events come; those that are here can still be taken.</summary>
    public void Complete() => _events.Writer.TryComplete();

    /// <summary>Takes the next event; null when there are no more, ever.</summary>
    /// <param name="path">The path that is watched, for an event that stands for those which were dropped.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<WatchEvent?> TakeAsync(string path, CancellationToken cancellationToken)
    {
        do
        {
            if (_events.Reader.TryRead(out var watchEvent))
                return watchEvent;
            if (TakeMissed() is { } missed)
                return new WatchEvent(WatchEventType.Missed, path, missed.Zxid);
        }
        while (await _events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false));

        return null;
    }

    private WatchEvent? TakeMissed()
    {
        lock (_lock)
        {
            // Since the reader looked, the queue may have filled up: what is in it comes before what was dropped.
            if (_events.Reader.Count > 0)
                return null;

            var missed = _missed;
            _missed = null;
            return missed;
        }
    }
}
