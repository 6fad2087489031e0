using System.Threading.Channels;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>
/// Keeps a tree cache's state up to date: takes events from the watch, begins to read each one's znode at once, a bounded number ahead, and
/// applies what was read in the order of the events.
/// </summary>
internal sealed class TreeFollower(IKeeperClient client, string rootPath, TreeCacheOptions options, TreeCacheState state)
{
    private readonly TreeCacheSource _source = new(client, options);
    private volatile int _loads;

    /// <summary>Sets the watch, and only then reads the subtree.</summary>
    public async Task<KeeperWatch> StartAsync(CancellationToken cancellationToken)
    {
        var watch = await client.UntilAnsweredAsync(
            () => client.OpenWatchAsync(rootPath, WatchMode.PersistentRecursive, cancellationToken),
            options.TimeProvider,
            cancellationToken).ConfigureAwait(false);
        try
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            return watch;
        }
        catch
        {
            await watch.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Follows until it is cancelled, or the client was disposed.</summary>
    public async Task RunAsync(KeeperWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await FollowAsync(watch, cancellationToken).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                watch = await StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            state.End(failure: null);
        }
        catch (Exception exception)
        {
            state.End(exception);
        }
    }

    // Returns when the watch gives no more events.
    private async Task FollowAsync(KeeperWatch watch, CancellationToken cancellationToken)
    {
        await using (((IAsyncDisposable)watch).ConfigureAwait(false))
        {
            var changes = Channel.CreateBounded<PendingChange>(
                new BoundedChannelOptions(options.MaxConcurrentReads) { SingleReader = true, SingleWriter = true });
            var applying = ApplyAllAsync(changes, cancellationToken);
            try
            {
                await foreach (var watchEvent in watch.WithCancellation(cancellationToken).ConfigureAwait(false))
                {
                    if (IsOfInterest(watchEvent))
                        await changes.Writer.WriteAsync(Begin(watchEvent, cancellationToken), cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
                when (exception is ChannelClosedException || (exception is KeeperException trouble && trouble.IsPassing()))
            {
                // Applying says what went wrong; or else the watch is opened again.
            }
            finally
            {
                changes.Writer.TryComplete();
                await applying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await applying.ConfigureAwait(false);
        }
    }

    private PendingChange Begin(WatchEvent watchEvent, CancellationToken cancellationToken)
    {
        var loads = _loads;
        return new PendingChange(watchEvent, ReadAsync(watchEvent, cancellationToken), loads);
    }

    private Task<ZNodeContent?> ReadAsync(WatchEvent watchEvent, CancellationToken cancellationToken) =>
        watchEvent.Type is WatchEventType.NodeCreated or WatchEventType.NodeDataChanged && !IsKnown(watchEvent)
            ? _source.ReadAsync(watchEvent.Path, cancellationToken)
            : Task.FromResult<ZNodeContent?>(null);

    private bool IsKnown(WatchEvent watchEvent) => state.View.Find(watchEvent.Path)?.KnownZxid >= watchEvent.Zxid;

    private async Task ApplyAllAsync(Channel<PendingChange> changes, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var pending in changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (pending.Event.Type == WatchEventType.Missed)
                {
                    await LoadAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                // What was read before the subtree was loaded again may be older than what was loaded.
                var content = await pending.Read.ConfigureAwait(false);
                if (pending.Loads != _loads)
                    content = await ReadAsync(pending.Event, cancellationToken).ConfigureAwait(false);
                foreach (var (change, view) in TreeChanges.Apply(state.View, pending.Event, content))
                    state.Publish(change, view);
            }
        }
        catch (Exception exception)
        {
            changes.Writer.TryComplete(exception);
            throw;
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        state.Replace(await new TreeLoader(_source, rootPath, options).LoadAsync(cancellationToken).ConfigureAwait(false));
        _loads++;
    }

    private bool IsOfInterest(WatchEvent watchEvent)
    {
        if (watchEvent.Type == WatchEventType.Missed)
            return true;
        var path = watchEvent.Path;
        if (watchEvent.Type == WatchEventType.NodeChildrenChanged || !TreeView.Covers(rootPath, path))
            return false;
        return path == rootPath
            || (DepthOf(path) <= options.MaxDepth
                && options.AcceptChild?.Invoke(path) != false
                && options.TraverseChildren?.Invoke(ZNodePath.Parent(path)) != false);
    }

    private int DepthOf(string path) =>
        path.AsSpan(rootPath == ZNodePath.Root ? 0 : rootPath.Length).Count(ZNodePath.Separator);
}
