using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// Keeps a listing up to date: a recursive watch of the queue, set before its items are listed; they are listed again only when events were
/// missed.
/// </summary>
internal sealed class QueueFollower(IKeeperClient client, QueuePaths paths, QueueListing listing, TimeProvider time)
{
    /// <summary>Follows until it is cancelled, or cannot go on.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var backoff = Backoff.ForReconnection(time);
            while (true)
            {
                try
                {
                    await FollowAsync(backoff, cancellationToken).ConfigureAwait(false);
                }
                catch (KeeperException exception) when (exception is NoNodeException || exception.IsPassing())
                {
                }

                await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
                await client.WaitUntilConnectedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            listing.End(new ObjectDisposedException(nameof(ItemQueue), $"The queue {paths.Root} was disposed."));
        }
        catch (Exception exception)
        {
            listing.End(exception);
        }
    }

    private async Task FollowAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        await client.EnsurePathAsync(paths.Entries, cancellationToken).ConfigureAwait(false);
        await client.EnsurePathAsync(paths.Taken, cancellationToken).ConfigureAwait(false);
        var watch = await client.OpenWatchAsync(paths.Root, WatchMode.PersistentRecursive, cancellationToken).ConfigureAwait(false);
        await using (((IAsyncDisposable)watch).ConfigureAwait(false))
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            backoff.Reset();
            await foreach (var watchEvent in watch.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (watchEvent.Type == WatchEventType.Missed)
                    await LoadAsync(cancellationToken).ConfigureAwait(false);
                else
                    listing.Apply(watchEvent);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var entries = await client.GetChildrenAsync(paths.Entries, cancellationToken).ConfigureAwait(false);
        var taken = await client.GetChildrenAsync(paths.Taken, cancellationToken).ConfigureAwait(false);
        listing.Load(entries, taken);
    }
}
