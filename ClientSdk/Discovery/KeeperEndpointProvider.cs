using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.Discovery;

/// <summary>
/// The servers of one service, as service discovery wants them. What another provider found, such as the application's configuration, wins,
/// as it does among .NET's own providers.
/// </summary>
internal sealed class KeeperEndpointProvider(IKeeperClient client, string path, string? endpointName, ILogger<ServerDirectory> logger)
    : IServiceEndpointProvider
{
    private ServerDirectory? _directory;

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        if (endpoints.Endpoints.Count > 0)
            return;

        _directory ??= await ServerDirectory.OpenAsync(client, path, logger, cancellationToken).ConfigureAwait(false);
        var (servers, replaced) = _directory.Latest;
        foreach (var server in servers)
        {
            if (AddressOf(server) is { } address)
                endpoints.Endpoints.Add(ServiceEndpoint.Create(address.ToEndPoint()));
        }
        endpoints.AddChangeToken(new CancellationChangeToken(replaced));
    }

    public ValueTask DisposeAsync() => _directory?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A server's address, or, for a request to <c>http://_admin.orders</c>, what it tells as <c>endpoint.admin</c>.</summary>
    private ServerAddress? AddressOf(RegisteredServer server)
    {
        if (endpointName is null)
            return server.Address;
        return server.Metadata.TryGetValue($"endpoint.{endpointName}", out var text) && ServerAddress.TryParse(text, out var address)
            ? address
            : null;
    }
}
