using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// Brings the names of a znode's children into memory as a filter, where the children are too many to be listed for one that does not exist:
/// behind the back of those who ask, for whom the store is asked meanwhile. One znode's at a time.
/// </summary>
internal sealed partial class ChildNameFilterLoader(Replica replica, IZNodeStore store, TimeProvider time, ILogger<ChildNameFilterLoader> logger)
    : IDisposable
{
    /// <summary>More names are not filtered: the filter would take too much of the memory that is there for znodes.</summary>
    private const int MostChildren = 8_000_000;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<string, byte> _loading = new();

    /// <summary>Loads a znode's filter, unless it is there, or is being loaded. Nobody needs to wait for it.</summary>
    public Task LoadAsync(string path, in Found znode)
    {
        if (znode is not { Node.NumChildren: <= MostChildren and var children, Place.Children: not { FilterBytes: > 0 } } || !_loading.TryAdd(path, 0))
            return Task.CompletedTask;

        return Task.Run(() => LoadInTurnAsync(path, children));
    }

    public void Dispose() => _turn.Dispose();

    private async Task LoadInTurnAsync(string path, int children)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await StoreLoad.RunAsync(replica, path, () => ReadAsync(path, children), replica.CompleteLoadOfFilter).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotLoaded(path, exception);
            await Task.Delay(PauseAfterFailure, time).ConfigureAwait(false);
        }
        finally
        {
            _loading.TryRemove(path, out _);
            _turn.Release();
        }
    }

    private async Task<(ChildNameFilter Filter, long Target)> ReadAsync(string path, int children)
    {
        var filter = new ChildNameFilter(2 * children);
        var target = await store.VisitChildNamesAsync(path, name => filter.Add(ChildTable.HashOf(name))).ConfigureAwait(false);
        return (filter, target);
    }

    [LoggerMessage(LogLevel.Warning, "The names of the children of {Path} could not be read. The store is asked for each that may not exist.")]
    private partial void LogNotLoaded(string path, Exception exception);
}
