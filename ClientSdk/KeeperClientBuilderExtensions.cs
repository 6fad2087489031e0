using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Streams;
using OrleansKeeper.ClientSdk.Connections;
using OrleansKeeper.ClientSdk.Streams;
using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.ClientSdk;

/// <summary>Prepares an Orleans client.</summary>
public static class KeeperClientBuilderExtensions
{
    /// <summary>Adds what a <see cref="KeeperClient"/> on this Orleans client needs: the stream provider for the events of watches.</summary>
    public static IClientBuilder AddKeeper(this IClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(service => service.ServiceType == typeof(ClusterWatch)))
            return builder;

        builder.Services.AddSingleton<ClusterWatch>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IClusterConnectionStatusObserver, ClusterWatch>(
            services => services.GetRequiredService<ClusterWatch>()));
        return builder.AddPersistentStreams(
            SessionEventStream.Provider,
            (_, _) => new ReceivingAdapterFactory(),
            configurator => configurator.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly));
    }
}
