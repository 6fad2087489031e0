using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// Brings cold znodes into memory by way of their grains, so that however many ask for a znode the store is read once.
/// </summary>
internal sealed partial class ZNodeLoader(IGrainFactory grains, ILogger<ZNodeLoader> logger)
{
    /// <summary>Loads a znode; false when the store could not be read, which is logged.</summary>
    public Task<bool> TryLoadAsync(string path) => TryAsync(path, grains.GetGrain<IZNodeGrain>(path).EnsureResident());

    /// <summary>Loads the names of a znode's children; false when the store could not be read, which is logged.</summary>
    public Task<bool> TryLoadChildrenAsync(string path) => TryAsync(path, grains.GetGrain<IZNodeGrain>(path).EnsureChildrenResident());

    private async Task<bool> TryAsync(string path, Task load)
    {
        try
        {
            await load.ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            LogLoadFailed(path, exception);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} could not be read from the store.")]
    private partial void LogLoadFailed(string path, Exception exception);
}
