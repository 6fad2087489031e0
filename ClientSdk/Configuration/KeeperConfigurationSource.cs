using Microsoft.Extensions.Configuration;

namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>Configuration from the znodes below a path.</summary>
internal sealed class KeeperConfigurationSource(string path, KeeperConfigurationOptions options, Func<ClientSource> client) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new KeeperConfigurationProvider(path, options, client());
}
