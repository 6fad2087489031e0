using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using OrleansKeeper.ClientSdk.LoadBalancing;

namespace OrleansKeeper.ClientSdk.Discovery;

/// <summary>Lets <see cref="HttpClient"/> find the servers that are registered with the service.</summary>
public static class KeeperDiscoveryExtensions
{
    /// <summary>
    /// Adds the registered servers to .NET's service discovery:
    /// <c>services.AddServiceDiscovery().AddKeeperEndpointProvider()</c> and <c>services.ConfigureHttpClientDefaults(http =>
    /// http.AddServiceDiscovery())</c>, and <c>http://orders</c> reaches the servers of <c>orders</c>, one after the other. Needs an
    /// <see cref="IKeeperClient"/> among the services.
    /// </summary>
    public static IServiceCollection AddKeeperEndpointProvider(
        this IServiceCollection services, Action<KeeperEndpointProviderOptions>? configure = null)
    {
        services.AddServiceDiscoveryCore();
        services.AddOptions<KeeperEndpointProviderOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceEndpointProviderFactory, KeeperEndpointProviderFactory>());
        return services;
    }

    /// <summary>
    /// Has an <see cref="HttpClient"/> send each request to one of the servers of the service that its host names, chosen by how busy they
    /// are. Instead of <c>AddServiceDiscovery()</c> on the same client, which only goes from one server to the next. Needs an
    /// <see cref="IKeeperClient"/> among the services.
    /// </summary>
    /// <exception cref="OptionsValidationException">When the client is made: a setting is out of range.</exception>
    public static IHttpClientBuilder AddKeeperLoadBalancing(this IHttpClientBuilder builder, Action<LoadBalancingOptions>? configure = null)
    {
        builder.Services.AddOptions<LoadBalancingOptions>(builder.Name).Configure(options => configure?.Invoke(options));
        builder.Services.AddOptions<KeeperEndpointProviderOptions>();
        builder.Services.TryAddKeyedSingleton(builder.Name, (services, name) => new LoadBalancers(
            services.GetRequiredService<IKeeperClient>(),
            services.GetRequiredService<IOptions<KeeperEndpointProviderOptions>>().Value.Root,
            services.GetRequiredService<IOptionsMonitor<LoadBalancingOptions>>().Get((string)name!),
            services.GetRequiredService<ILoggerFactory>()));
        return builder.AddHttpMessageHandler(services => new LoadBalancingHandler(services.GetRequiredKeyedService<LoadBalancers>(builder.Name)));
    }
}
