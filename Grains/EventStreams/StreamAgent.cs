using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>
/// The agent of Orleans that delivers this silo's events. Orleans writes it down as a producer of every stream on which it has delivered, in the
/// storage of subscriptions, and takes it out when the silo stops; a session lives shorter than that, so it is taken out with the session.
/// </summary>
internal sealed class StreamAgent(IServiceProvider services, IGrainContextAccessor contexts)
{
    private readonly Lazy<IStreamPubSub> _pubSub = new(() => CreatePubSub(services));
    private GrainId? _agent;

    /// <summary>The caller is the agent.</summary>
    public void Remember() => _agent = contexts.GrainContext.GrainId;

    /// <summary>Nothing more comes on a stream: removes all that the storage of subscriptions has of it.</summary>
    public async Task RemoveAsync(StreamId streamId)
    {
        var stream = new QualifiedStreamId(SessionEventStream.Provider, streamId);
        var provider = services.GetRequiredKeyedService<IStreamProvider>(SessionEventStream.Provider);
        if (Orleans.Streams.PubSub.StreamSubscriptionManagerExtensions.TryGetStreamSubscriptionManager(provider, out var subscriptions))
        {
            foreach (var subscription in await subscriptions.GetSubscriptions(SessionEventStream.Provider, streamId))
                await subscriptions.RemoveSubscription(SessionEventStream.Provider, streamId, subscription.SubscriptionId);
        }

        if (_agent is not { } agent || await _pubSub.Value.ProducerCount(stream) == 0)
            return;

        // To register removes the agents of silos that are no more, which nobody else would.
        await _pubSub.Value.RegisterProducer(stream, agent);
        await _pubSub.Value.UnregisterProducer(stream, agent);
    }

    /// <summary>Orleans has the interface in the open, and keeps to itself how to get one.</summary>
    private static IStreamPubSub CreatePubSub(IServiceProvider services)
    {
        const string Implementation = "Orleans.Streams.GrainBasedPubSubRuntime";
        var type = typeof(IStreamPubSub).Assembly.GetType(Implementation, throwOnError: true)!;
        return (IStreamPubSub)(services.GetService(type) ?? ActivatorUtilities.CreateInstance(services, type));
    }
}
