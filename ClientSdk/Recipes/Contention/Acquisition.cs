using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>
/// One contender's way through the queue: it creates its znode, reads the queue, waits for whoever it has to wait for, reads again, and in
/// the end takes its znode as its own. It is a single loop: what happens on the connection only wakes it, and it then reads again what
/// there is, so that no two events can interleave. It does not remember whether it owns a znode: it looks for one with its unique name, and
/// owns it if it belongs to the session that the client has now.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="place">What to contend for.</param>
internal sealed class Acquisition(IKeeperClient client, ContentionPlace place)
{
    private readonly ReconnectionPauses _reconnection = new(client);
    private string _prefix = place.CreatePrefix();
    private string? _own;
    private bool _hasEntered;
    private bool _isUncertain;
    private KeeperException? _failure;

    /// <summary>Contends until it is granted.</summary>
    /// <param name="timeout">How long to wait for one's turn; zero for not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was granted; null if the time was up first. Then, and when this throws, nothing stays in the queue.</returns>
    /// <exception cref="ConnectionLostException">The client was not connected when the time was up.</exception>
    public async Task<OwnedZNode?> RunAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The time to wait is negative.");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var isOneLook = timeout == TimeSpan.Zero;
        if (isOneLook)
            await limit.CancelAsync().ConfigureAwait(false);
        else
            limit.CancelAfter(timeout);

        OwnedZNode? granted = null;
        try
        {
            granted = await RunAsync(isOneLook ? cancellationToken : limit.Token, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failure is not null || client.State != KeeperConnectionState.Connected)
                throw new ConnectionLostException(place.Parent, OperationOutcome.DidNotHappen, _failure);
        }
        finally
        {
            if (granted is null && _hasEntered)
                await LeaveAsync().ConfigureAwait(false);
        }
        return granted;
    }

    private async Task<OwnedZNode?> RunAsync(CancellationToken operations, CancellationToken waits)
    {
        while (true)
        {
            try
            {
                var session = client.Session;
                await EnterAsync(operations).ConfigureAwait(false);
                var (queue, changed) = await ReadQueueAsync(operations).ConfigureAwait(false);
                _failure = null;

                _own = await FindOwnAsync(queue).ConfigureAwait(false);

                if (_own is null)
                    EnterAnew();
                else if (place.Rule(queue.Contenders, queue.IndexOf(_own)) is { } blocker)
                    await WaitAsync(changed, blocker, session, operations, waits).ConfigureAwait(false);
                else if (await OwnedZNode.TryTakeAsync(client, place.PathOf(_own), operations).ConfigureAwait(false) is { } granted)
                    return granted;
                else
                    await DiscardAsync(waits).ConfigureAwait(false);
            }
            catch (KeeperException failure) when (failure.IsPassing())
            {
                _failure = failure;
                await _reconnection.WaitAsync(waits).ConfigureAwait(false);
            }
        }
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (_hasEntered)
            return;

        _hasEntered = true;
        try
        {
            await client.CreateAsync(place.PathOf(_prefix), place.Data, place.CreateOptions, cancellationToken).ConfigureAwait(false);
        }
        catch (KeeperException failure)
        {
            _hasEntered = _isUncertain = failure.Outcome == OperationOutcome.Unknown;
            throw;
        }
    }

    private async Task<(ContenderQueue Queue, Task<WatchEvent>? Changed)> ReadQueueAsync(CancellationToken cancellationToken)
    {
        // Requests of a session take effect in their order: after the sync, a create that was not answered has happened or never will.
        if (_isUncertain)
            await client.SyncAsync(cancellationToken).ConfigureAwait(false);
        _isUncertain = false;

        if (!place.WatchesQueue)
            return (await ContenderQueue.ReadAsync(client, place.Parent, cancellationToken).ConfigureAwait(false), null);

        try
        {
            var watched = await client.GetChildrenAndWatchAsync(place.Parent, cancellationToken).ConfigureAwait(false);
            return (new ContenderQueue(watched.Value), watched.Changed);
        }
        catch (NoNodeException)
        {
            return (ContenderQueue.Empty, null);
        }
    }

    /// <summary>
    /// The name of this contender's znode. There are two when a create that was not answered happened after all: the first counts.
    /// </summary>
    private async Task<string?> FindOwnAsync(ContenderQueue queue)
    {
        var own = queue.WithPrefix(_prefix);
        foreach (var surplus in own.Skip(1))
            await GuaranteedDeletion.DeleteAsync(client, place.PathOf(surplus)).ConfigureAwait(false);

        return own.FirstOrDefault();
    }

    private async Task WaitAsync(
        Task<WatchEvent>? changed, string blocker, KeeperSession session, CancellationToken operations, CancellationToken waits)
    {
        waits.ThrowIfCancellationRequested();
        if ((changed ?? await WatchAsync(blocker, operations).ConfigureAwait(false)) is not { } change)
            return;

        await _reconnection.WaitForAsync(change, session, waits).ConfigureAwait(false);
    }

    private async Task<Task<WatchEvent>?> WatchAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // Not an exists: that would leave a watch on a znode that will never be there again.
            return (await client.GetAndWatchAsync(place.PathOf(name), cancellationToken).ConfigureAwait(false)).Changed;
        }
        catch (NoNodeException)
        {
            return null;
        }
    }

    /// <summary>
    /// The znode cannot be taken, since its session is not the one that the client has now: begins again at the end of the queue.
    /// </summary>
    private async Task DiscardAsync(CancellationToken cancellationToken)
    {
        await LeaveAsync().ConfigureAwait(false);
        EnterAnew();
        await _reconnection.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task LeaveAsync() => _own is null
        ? GuaranteedDeletion.DeletePrefixAsync(client, place.Parent, _prefix)
        : GuaranteedDeletion.DeleteAsync(client, place.PathOf(_own));

    private void EnterAnew()
    {
        _prefix = place.CreatePrefix();
        _own = null;
        _hasEntered = false;
    }
}
