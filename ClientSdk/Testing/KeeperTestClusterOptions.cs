using OrleansKeeper.Grains;

namespace OrleansKeeper.ClientSdk.Testing;

/// <summary>What a test cluster is to be like.</summary>
public sealed class KeeperTestClusterOptions
{
    /// <summary>Number of silos to begin with.</summary>
    public int Silos { get; set; } = 1;

    /// <summary>Sets the service's own settings. A tick is 100 ms unless it says otherwise, so that sessions may be short.</summary>
    public Action<KeeperOptions> ConfigureKeeper { get; set; } = _ => { };

    /// <summary>Adds to the silo, such as grains' dependencies of your own.</summary>
    public Action<ISiloBuilder> ConfigureSilo { get; set; } = _ => { };

    /// <summary>Adds to the Orleans client.</summary>
    public Action<IClientBuilder> ConfigureClient { get; set; } = _ => { };
}
