using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>
/// What the stream agent has read and not delivered, each stream for itself: a client that is slow or gone holds back nobody else. Used on the
/// agent's scheduler only.
/// </summary>
internal sealed class EventCache : IQueueAdapterCache, IQueueCache
{
    private readonly Dictionary<StreamId, StreamTail> _tails = [];

    public IQueueCache CreateQueueCache(QueueId queueId) => this;

    public int GetMaxAddCount() => QueueAdapterConstants.UNLIMITED_GET_QUEUE_MSG;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var message in messages)
            TailOf(message.StreamId).Add((SessionEventContainer)message);
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        return false;
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        var tail = TailOf(streamId);
        return tail.CursorBehind(token is null ? tail.LastNumber : token.SequenceNumber - 1);
    }

    /// <summary>Nothing more comes on a stream.</summary>
    public void End(StreamId streamId) => _tails.Remove(streamId);

    private StreamTail TailOf(StreamId streamId)
    {
        if (!_tails.TryGetValue(streamId, out var tail))
            _tails.Add(streamId, tail = new StreamTail(streamId, () => _tails.Remove(streamId)));
        return tail;
    }
}
