using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>Tells Orleans that there is one queue for all streams, and that each silo is in charge of it: of its own.</summary>
internal sealed class LocalQueue : IStreamQueueMapper, IStreamQueueBalancer
{
    private static readonly QueueId[] OnlyQueue = [QueueId.GetQueueId(SessionEventStream.Provider, 0, 0)];

    private LocalQueue()
    {
    }

    public static IStreamQueueMapper Mapper { get; } = new LocalQueue();

    public static IStreamQueueBalancer Balancer { get; } = new LocalQueue();

    public IEnumerable<QueueId> GetAllQueues() => OnlyQueue;

    public QueueId GetQueueForStream(StreamId streamId) => OnlyQueue[0];

    public Task Initialize(IStreamQueueMapper queueMapper) => Task.CompletedTask;

    public Task Shutdown() => Task.CompletedTask;

    public IEnumerable<QueueId> GetMyQueues() => OnlyQueue;

    public bool SubscribeToQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) => true;

    public bool UnSubscribeFromQueueDistributionChangeEvents(IStreamQueueBalanceListener observer) => true;
}
