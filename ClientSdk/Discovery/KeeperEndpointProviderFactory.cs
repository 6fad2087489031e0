using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using OrleansKeeper.ClientSdk.Servers;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Discovery;

/// <summary>Makes a provider for each service that an application asks for.</summary>
internal sealed class KeeperEndpointProviderFactory(
    IKeeperClient client, IOptions<KeeperEndpointProviderOptions> options, ILogger<ServerDirectory> logger) : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
    {
        provider = null;
        var path = ZNodePath.Append(options.Value.Root, query.ServiceName);
        if (query.ServiceName.Contains('/', StringComparison.Ordinal) || ZNodePath.Validate(path, sequential: false) is not null)
            return false;

        provider = new KeeperEndpointProvider(client, path, query.EndpointName, logger);
        return true;
    }
}
