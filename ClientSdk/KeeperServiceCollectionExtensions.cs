using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansKeeper.ClientSdk;

/// <summary>Adds a client to an application's services.</summary>
public static class KeeperServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IKeeperClient"/>, one for the application, which connects when it is first asked for and waits for nobody: requests wait for
    /// the connection. It uses the application's own Orleans client (<c>UseOrleansClient(client => client.….AddKeeper())</c>), or the silo when the
    /// application is one, or else, when <see cref="KeeperClientOptions.Gateways"/> is set, an Orleans client of its own.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options. They are checked when the application starts.</param>
    public static IServiceCollection AddKeeperClient(this IServiceCollection services, Action<KeeperClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<KeeperClientOptions>()
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KeeperClientOptions>, KeeperClientOptionsValidation>());
        if (services.All(service => service.ServiceType != typeof(KeeperClientLifetime)))
        {
            services.AddSingleton<KeeperClientLifetime>();
            services.AddHostedService(provider => provider.GetRequiredService<KeeperClientLifetime>());
        }

        services.TryAddSingleton(provider => provider.GetRequiredService<KeeperClientLifetime>().Begin(Create(provider)));
        services.TryAddSingleton<IKeeperClient>(provider => provider.GetRequiredService<KeeperClient>());
        return services;
    }

    private static KeeperClient Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<KeeperClientOptions>>().Value;
        if (options.Gateways.Length == 0)
            return KeeperClient.Start(services.GetRequiredService<IClusterClient>(), options, options.Chroot, owned: null);

        var address = ServiceAddress.Parse(options.Gateways);
        var host = ClusterClientHost.Build(address, options);
        return KeeperClient.Start(host.Client, options, address.Chroot ?? options.Chroot, host);
    }

    private sealed class KeeperClientOptionsValidation(IServiceProviderIsService services) : IValidateOptions<KeeperClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, KeeperClientOptions options)
        {
            try
            {
                options.Check();
                if (options.Gateways.Length > 0)
                    ServiceAddress.Parse(options.Gateways);
            }
            catch (Exception exception) when (exception is ValidationException or ArgumentException)
            {
                return ValidateOptionsResult.Fail(exception.Message);
            }

            return options.Gateways.Length > 0 || services.IsService(typeof(IClusterClient))
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(
                    $"The application has no Orleans client: set {nameof(KeeperClientOptions)}.{nameof(options.Gateways)}, or call UseOrleansClient.");
        }
    }
}
