using Microsoft.Extensions.Configuration;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>Unified configuration: an application's settings from the service, followed while it runs.</summary>
public static class KeeperConfigurationExtensions
{
    private const string ClientSection = "Keeper";

    /// <summary>
    /// Adds the znodes below a path, through a client that the application has. They become keys without the path:
    /// <c>/config/app/Logging/Level</c> is <c>Logging:Level</c> with path <c>/config/app</c>. A change reaches <c>IOptionsMonitor</c> and
    /// <c>IOptionsSnapshot</c> without a restart; a transaction is one reload. The last values stay while the connection is lost.
    /// </summary>
    /// <param name="builder">The application's configuration, for example <c>builder.Configuration</c>.</param>
    /// <param name="client">The client; it is not disposed.</param>
    /// <param name="path">The znode below which the settings are.</param>
    /// <param name="configure">Further settings.</param>
    /// <exception cref="ArgumentException">The path cannot be a znode's, or a setting is out of range.</exception>
    /// <exception cref="KeeperConfigurationException">The values cannot be read, and are not optional. Thrown when the configuration is
    /// built, for <c>builder.Configuration</c> at once.</exception>
    public static IConfigurationBuilder AddKeeper(
        this IConfigurationBuilder builder, IKeeperClient client, string path, Action<KeeperConfigurationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return builder.AddKeeper(() => new ClientSource(_ => Task.FromResult(client), isOwned: false), path, configure);
    }

    /// <summary>As above, through a client that is connected for the configuration and goes with it.</summary>
    /// <param name="builder">The application's configuration.</param>
    /// <param name="connect">Connects the client; called again, a moment later, while it fails.</param>
    /// <param name="path">The znode below which the settings are.</param>
    /// <param name="configure">Further settings.</param>
    /// <exception cref="ArgumentException">The path cannot be a znode's, or a setting is out of range.</exception>
    /// <exception cref="KeeperConfigurationException">The values cannot be read, and are not optional.</exception>
    public static IConfigurationBuilder AddKeeper(
        this IConfigurationBuilder builder,
        Func<CancellationToken, Task<IKeeperClient>> connect,
        string path,
        Action<KeeperConfigurationOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connect);
        return builder.AddKeeper(() => new ClientSource(connect, isOwned: true), path, configure);
    }

    /// <summary>
    /// As above, through a client that is connected as section <c>Keeper</c> of what was added before says
    /// (<see cref="KeeperClientOptions"/>): for example <c>"Keeper": { "Gateways": "10.0.0.1:30000,10.0.0.2:30000" }</c> in the
    /// <c>appsettings.json</c>.
    /// </summary>
    /// <param name="builder">The application's configuration.</param>
    /// <param name="path">The znode below which the settings are.</param>
    /// <param name="configure">Further settings.</param>
    /// <exception cref="ArgumentException">The path cannot be a znode's, or a setting is out of range or missing.</exception>
    /// <exception cref="KeeperConfigurationException">The values cannot be read, and are not optional.</exception>
    public static IConfigurationBuilder AddKeeper(
        this IConfigurationBuilder builder, string path, Action<KeeperConfigurationOptions>? configure = null)
    {
        var section = (builder as IConfiguration ?? builder.Build()).GetSection(ClientSection);
        var gateways = section[nameof(KeeperClientOptions.Gateways)];
        if (string.IsNullOrWhiteSpace(gateways))
        {
            throw new ArgumentException(
                $"The setting {ClientSection}:{nameof(KeeperClientOptions.Gateways)} is missing from what was added before: "
                + "it says where the service is, as host:port.",
                nameof(builder));
        }
        return builder.AddKeeper(ConnectAsync, path, configure);

        async Task<IKeeperClient> ConnectAsync(CancellationToken cancellationToken) =>
            await KeeperClient.ConnectAsync(gateways, options => section.Bind(options), cancellationToken).ConfigureAwait(false);
    }

    private static IConfigurationBuilder AddKeeper(
        this IConfigurationBuilder builder, Func<ClientSource> client, string path, Action<KeeperConfigurationOptions>? configure)
    {
        if (ZNodePath.Validate(path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(path));

        var options = new KeeperConfigurationOptions();
        configure?.Invoke(options);
        options.Validate();
        return builder.Add(new KeeperConfigurationSource(path, options, client));
    }
}
