using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.Discovery;

/// <summary>Where service discovery finds servers.</summary>
public sealed class KeeperEndpointProviderOptions
{
    /// <summary>The services' parent: the servers of <c>orders</c> register below <c>/servers/orders</c>.</summary>
    public string Root { get; set; } = ServerPaths.DefaultRoot;
}
