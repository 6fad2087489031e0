using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.Grains.EventStreams;

/// <summary>Adds the stream provider for sessions' events.</summary>
internal static class EventStreamSiloBuilderExtensions
{
    /// <summary>How soon the agent looks again after it looked in vain, which it does once a minute.</summary>
    private static readonly TimeSpan PauseAfterEmptyRead = TimeSpan.FromMilliseconds(10);

    public static ISiloBuilder AddEventStreams(this ISiloBuilder builder)
    {
        builder.Services.AddSingleton<EventQueue>();
        builder.Services.AddSingleton<StreamAgent>();
        return builder.AddPersistentStreams(
            SessionEventStream.Provider,
            (services, _) => ActivatorUtilities.CreateInstance<EventQueueAdapterFactory>(services),
            configurator =>
            {
                configurator.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
                configurator.ConfigurePartitionBalancing((_, _) => LocalQueue.Balancer);
                configurator.ConfigurePullingAgent(agent => agent.Configure(options => options.GetQueueMsgsTimerPeriod = PauseAfterEmptyRead));
            });
    }
}
