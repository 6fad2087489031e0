using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>The queue of this silo's events as Orleans sees it. Only the service publishes, and does so on the queue itself.</summary>
internal sealed class EventQueueAdapter(Func<IQueueAdapterReceiver> createReceiver) : IQueueAdapter
{
    public string Name => SessionEventStream.Provider;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => createReceiver();

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException($"Nobody but the service publishes on the streams of {Name}.");
}
