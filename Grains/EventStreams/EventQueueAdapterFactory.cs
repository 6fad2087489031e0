using Orleans.Streams;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>
/// The parts of the stream provider for sessions' events. Each silo has one queue, which its own sessions fill and its own agent empties: events
/// stay in the process until they go to the client.
/// </summary>
internal sealed class EventQueueAdapterFactory(EventQueue queue, StreamAgent agent) : IQueueAdapterFactory
{
    private readonly EventCache _cache = new();

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(new EventQueueAdapter(CreateReceiver));

    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    public IStreamQueueMapper GetStreamQueueMapper() => LocalQueue.Mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    private EventQueueReceiver CreateReceiver()
    {
        agent.Remember();
        return new EventQueueReceiver(queue, _cache);
    }
}
