using Orleans.GrainDirectory;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// The directory of grains that live wherever they are called: it knows none, so each is made in the silo of the call. Orleans asks a directory
/// before it makes a stateless worker too, and its own one asks whichever silo is responsible for the grain's range: to load a cold znode would
/// take a message to another silo, and wait for half a minute while that range is being given away or recovered.
/// </summary>
internal sealed class LocalGrainDirectory : IGrainDirectory
{
    /// <summary>The name by which grains choose this directory.</summary>
    public const string Name = "Local";

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
