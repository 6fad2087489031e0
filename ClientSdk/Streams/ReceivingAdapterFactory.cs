using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.ClientSdk.Streams;

/// <summary>The client's side of the stream provider for sessions' events: it only receives, and what Orleans asks of a silo is never asked here.</summary>
internal sealed class ReceivingAdapterFactory : IQueueAdapterFactory, IQueueAdapter
{
    public string Name => SessionEventStream.Provider;

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    public IQueueAdapterCache GetQueueAdapterCache() => throw NotHere();

    public IStreamQueueMapper GetStreamQueueMapper() => throw NotHere();

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => throw NotHere();

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) => throw NotHere();

    private static NotSupportedException NotHere() => new($"A client only receives what {SessionEventStream.Provider} carries.");
}
