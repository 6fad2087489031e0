using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>Registers an application as a server of a service.</summary>
public static class KeeperRegistrationExtensions
{
    /// <summary>
    /// Registers the application once it has started, withdraws it at a graceful stop before anything else stops, and registers it again
    /// when the session had to be replaced. Needs an <see cref="IKeeperClient"/> among the services.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="service">The service's name: <c>orders</c>.</param>
    /// <param name="address">Where others reach the application.</param>
    /// <param name="options">Further settings.</param>
    /// <exception cref="ArgumentException">The name cannot be a znode's, or a setting is out of range.</exception>
    public static IServiceCollection AddKeeperRegistration(
        this IServiceCollection services, string service, ServerAddress address, ServerRegistrationOptions? options = null) =>
        services.AddKeeperRegistration(service, _ => address, options);

    /// <summary>As above, with an address that is known only when the application has started.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="service">The service's name: <c>orders</c>.</param>
    /// <param name="address">Says where others reach the application; called once it has started.</param>
    /// <param name="options">Further settings.</param>
    /// <exception cref="ArgumentException">The name cannot be a znode's, or a setting is out of range.</exception>
    public static IServiceCollection AddKeeperRegistration(
        this IServiceCollection services,
        string service,
        Func<IServiceProvider, ServerAddress> address,
        ServerRegistrationOptions? options = null)
    {
        options ??= new ServerRegistrationOptions();
        if (options.DrainTime < TimeSpan.Zero)
            throw new ArgumentException($"{nameof(options.DrainTime)} is {options.DrainTime}; it cannot be negative.", nameof(options));

        var path = ServerPaths.OfService(service, options.Root);
        return services.AddSingleton<IHostedService>(provider => new ServerRegistrationService(
            provider.GetRequiredService<IKeeperClient>(),
            path,
            () => new ServerDescription(address(provider), options.Metadata.AsReadOnly()),
            options.DrainTime,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILogger<ServerRegistration>>()));
    }
}
