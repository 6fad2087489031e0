using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// Brings cold znodes into memory by way of their grains, so that however many ask for a znode the store is read once.
/// </summary>
internal sealed partial class ZNodeLoader(IGrainFactory grains, ILogger<ZNodeLoader> logger)
{
    /// <summary>A grain that has loaded its znode leaves; a call that meets several who are just leaving is refused in the end.</summary>
    private const int MostAttempts = 20;

    private const int MostAtOnce = 32;

    /// <summary>So many are loaded ahead of their turn at once, for all sessions: whoever's turn it is must not find the store busy.</summary>
    private const int MostAheadAtOnce = 64;

    private int _ahead;

    /// <summary>Loads a znode; false when the store could not be read, which is logged.</summary>
    public Task<bool> TryLoadAsync(string path) => TryAsync(path, grain => grain.EnsureResident());

    /// <summary>Loads znodes, some at a time; false when one could not be read, which is logged.</summary>
    public Task<bool> TryLoadAsync(IReadOnlyList<string> paths) => TryAllAsync(paths, TryLoadAsync);

    /// <summary>Loads the names of znodes' children, of some znodes at a time; false when some could not be read, which is logged.</summary>
    public Task<bool> TryLoadChildrenAsync(IReadOnlyList<string> paths) =>
        TryAllAsync(paths, path => TryAsync(path, grain => grain.EnsureChildrenResident()));

    /// <summary>
    /// Loads znodes that are asked for next, unless too many are loaded so already. One that cannot be read is tried again in its turn.
    /// </summary>
    public async Task LoadAheadAsync(IReadOnlyList<string> paths)
    {
        var room = MostAheadAtOnce - Interlocked.Add(ref _ahead, paths.Count);
        try
        {
            if (paths.Count > 0 && room >= 0)
                await TryLoadAsync(paths).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _ahead, -paths.Count);
        }
    }

    private static async Task<bool> TryAllAsync(IReadOnlyList<string> paths, Func<string, Task<bool>> tryLoad)
    {
        if (paths is [var only])
            return await tryLoad(only).ConfigureAwait(false);

        var areLoaded = true;
        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce },
            async (path, _) =>
            {
                if (!await tryLoad(path).ConfigureAwait(false))
                    areLoaded = false;
            }).ConfigureAwait(false);
        return areLoaded;
    }

    private async Task<bool> TryAsync(string path, Func<IZNodeGrain, Task> load)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await load(grains.GetGrain<IZNodeGrain>(path)).ConfigureAwait(false);
                return true;
            }
            catch (OrleansMessageRejectionException) when (attempt < MostAttempts)
            {
                // Another activation takes the next call.
            }
            catch (Exception exception)
            {
                LogLoadFailed(path, exception);
                return false;
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Path} could not be read from the store.")]
    private partial void LogLoadFailed(string path, Exception exception);
}
