using System.Runtime.CompilerServices;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>
/// A subtree in memory, kept up to date, as Curator's CuratorCache and TreeCache. A persistent recursive watch is set before anything is read, so no change falls between. Each
/// event's znode is read after the event, many at once, and what was read is applied in the order of the events (see <see cref="TreeChanges"/>). What the
/// cache holds never changes in place: <see cref="Root"/> is a picture of the whole subtree that lookups and readers share without a lock. When the service says that events were
/// missed the subtree is read again, and readers get the differences. A znode's data may be ahead of other znodes by the changes whose
/// events are still on their way; once all events are in, the cache equals the subtree.
/// </summary>
public sealed class TreeCache : IAsyncDisposable
{
    private readonly TreeCacheState _state;
    private readonly TreeFollower _follower;
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;

    private TreeCache(IKeeperClient client, string path, TreeCacheOptions options)
    {
        Path = path;
        _state = new TreeCacheState(path, options.ReaderCapacity);
        _follower = new TreeFollower(client, path, options, _state);
    }

    /// <summary>The path of the subtree.</summary>
    public string Path { get; }

    /// <summary>All that the cache holds, as of one moment; null while there is no znode at <see cref="Path"/>.</summary>
    public TreeCacheEntry? Root => _state.View.Root;

    /// <summary>Reads the subtree, and begins to follow it. The znode at the path need not exist.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The path of the subtree.</param>
    /// <param name="options">What to hold.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="ArgumentException">The path, or an option, is not valid.</exception>
    public static async Task<TreeCache> StartAsync(
        IKeeperClient client, string path, TreeCacheOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (ZNodePath.Validate(path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(path));
        options ??= new TreeCacheOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxDepth, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentReads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ReaderCapacity, 1, nameof(options));

        var cache = new TreeCache(client, path, options);
        var watch = await cache._follower.StartAsync(cancellationToken).ConfigureAwait(false);
        cache._following = Task.Run(() => cache._follower.RunAsync(watch, cache._stopping.Token), CancellationToken.None);
        return cache;
    }

    /// <summary>The znode at a path, with all that the cache holds below it; null if the cache holds none there.</summary>
    public TreeCacheEntry? Find(string path) => _state.View.Find(path);

    /// <summary>
    /// First an <see cref="TreeCacheEventType.Added"/> for each znode that the cache holds, then <see cref="TreeCacheEventType.Initialized"/>, then each change in the order of the
    /// transactions: done one after the other, the events lead to what the cache holds. Ends when the cache is disposed. A reader may be as slow as it likes, see
    /// <see cref="TreeCacheOptions.ReaderCapacity"/>.
    /// </summary>
    /// <exception cref="KeeperException">The cache cannot follow any more, since its client was disposed for example.</exception>
    public async IAsyncEnumerable<TreeCacheEvent> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = _state.Subscribe();
        try
        {
            foreach (var added in TreeDifferences.Between(before: null, reader.Seen.Root))
                yield return added;
            yield return new TreeCacheEvent(TreeCacheEventType.Initialized, Entry: null, Previous: null, Zxid: 0);
            while (true)
            {
                while (reader.TryRead(out var change))
                    yield return change;

                if (_state.CatchUp(reader) is { } differences)
                {
                    foreach (var difference in differences)
                        yield return difference;
                    yield return new TreeCacheEvent(TreeCacheEventType.Resynchronized, Entry: null, Previous: null, Zxid: 0);
                }
                else if (!await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }
            }
        }
        finally
        {
            _state.Unsubscribe(reader);
        }
    }

    /// <summary>Stops following. Readers come to their end; what the cache held stays readable.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
    }
}
