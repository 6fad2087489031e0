using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.AspNetCore;

/// <summary>Registers a web application as a server of a service.</summary>
public static class KeeperWebRegistrationExtensions
{
    /// <summary>
    /// <c>builder.Services.AddKeeperRegistration("orders")</c>: registers the address that Kestrel listens on once the application has
    /// started, withdraws it at a graceful stop before the port closes, and registers again when the session had to be replaced. Needs an
    /// <see cref="IKeeperClient"/> among the services.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="configure">Further settings.</param>
    /// <exception cref="ArgumentException">The name cannot be a znode's, or a setting is out of range.</exception>
    public static IServiceCollection AddKeeperRegistration(
        this IServiceCollection services, string service, Action<WebRegistrationOptions>? configure = null)
    {
        var options = new WebRegistrationOptions();
        configure?.Invoke(options);
        return services.AddKeeperRegistration(service, provider => ListeningAddress.Of(provider.GetRequiredService<IServer>(), options), options);
    }
}
