using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// Counts the znodes below one that are not all in memory, without bringing them in: there may be more than memory holds. One count at a time,
/// since each reads a whole part of the store.
/// </summary>
internal sealed partial class DescendantCounter(Replica replica, IZNodeStore store, ILogger<DescendantCounter> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Counts the znodes below a path, which is not the root; null when the store could not be read, which is logged.</summary>
    public async Task<long?> TryCountAsync(string path)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            while (true)
            {
                var watermark = replica.Watermark;
                var tally = new DescendantTally(replica, path);
                var target = await store.VisitBelowAsync(path, tally.AddStored).ConfigureAwait(false);
                if (target <= watermark)
                    return tally.Complete();

                // The rows may be ahead of what memory was compared with.
                await replica.WaitForAsync(target).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            LogNotCounted(path, exception);
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    [LoggerMessage(LogLevel.Error, "The znodes below {Path} could not be counted.")]
    private partial void LogNotCounted(string path, Exception exception);
}
