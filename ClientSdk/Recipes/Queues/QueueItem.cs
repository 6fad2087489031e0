using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// An item that was taken from a queue: locked for this consumer until it is completed, which removes it, or disposed, which returns it.
/// When the consumer dies, the lock goes with its session, and the item is for others to take.
/// </summary>
public sealed class QueueItem : IAsyncDisposable
{
    private readonly ItemQueue _queue;
    private readonly ListedItem _listed;
    private readonly TakenLock _lock;
    private readonly CancellationTokenSource _lost;
    private readonly Lock _gate = new();
    private QueueItemState _state;

    internal QueueItem(ItemQueue queue, ListedItem listed, TakenLock taken)
    {
        _queue = queue;
        _listed = listed;
        _lock = taken;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(taken.SessionLost);
        LostToken = _lost.Token;
        taken.Registration.Use();
    }

    /// <summary>The item's name in the queue.</summary>
    public string Name => _lock.Name;

    /// <summary>What was put.</summary>
    public ReadOnlyMemory<byte> Data => _lock.Data;

    /// <summary>
    /// The transaction that locked it, a fencing token: whoever takes the item later has a greater one. A resource that refuses smaller
    /// tokens than it has seen is safe from a consumer that goes on after it lost the item.
    /// </summary>
    public long FencingToken => _lock.Token;

    /// <summary>
    /// Cancelled when the item may be somebody else's: the client cannot vouch for its session any more, or somebody removed the lock. Stop
    /// working on the item then.
    /// </summary>
    public CancellationToken LostToken { get; }

    /// <summary>Removes the item from the queue. To be called when the work is done.</summary>
    /// <param name="cancellationToken">Gives up before it is sent, or while there is no connection.</param>
    /// <exception cref="QueueItemLostException">
    /// The lock is gone: the item was not removed, and may have been done by somebody else.
    /// </exception>
    /// <exception cref="KeeperException">
    /// <see cref="OperationOutcome.Unknown"/>: the item may have been removed, by this call or by somebody else.
    /// </exception>
    /// <exception cref="InvalidOperationException">It was completed or returned before.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Move(from: QueueItemState.Held, to: QueueItemState.Completing, "complete");
        try
        {
            if (!await _queue.Transactions.TryCompleteAsync(_lock, cancellationToken).ConfigureAwait(false))
                throw new QueueItemLostException(_queue.PathOf(_lock.Name));
        }
        catch (OperationCanceledException)
        {
            Move(from: QueueItemState.Completing, to: QueueItemState.Held, "complete");
            throw;
        }
        catch (KeeperException)
        {
            // What is left of it is returned when it is disposed.
            Move(from: QueueItemState.Completing, to: QueueItemState.Lost, "complete");
            throw;
        }

        Move(from: QueueItemState.Completing, to: QueueItemState.Completed, "complete");
        await _queue.Consumer.LeaveAsync(_lock.Registration).ConfigureAwait(false);
    }

    /// <summary>Returns the item to the queue, at its old place, unless it was completed.</summary>
    public async ValueTask DisposeAsync()
    {
        QueueItemState before;
        lock (_gate)
        {
            before = _state;
            if (before is QueueItemState.Held or QueueItemState.Lost or QueueItemState.Completed)
                _state = QueueItemState.Disposed;
        }

        if (before is QueueItemState.Disposed or QueueItemState.Completing)
            return;
        if (before != QueueItemState.Completed)
            await ReturnAsync().ConfigureAwait(false);
        _lost.Dispose();
    }

    internal void MarkLost()
    {
        lock (_gate)
        {
            // Not on this thread: it holds the listing's lock, and who is told may do anything.
            if (_state == QueueItemState.Held)
                _ = _lost.CancelAsync();
        }
    }

    private async Task ReturnAsync()
    {
        try
        {
            await _queue.Transactions.ReturnAsync(_lock).ConfigureAwait(false);
        }
        catch (KeeperException exception) when (exception.IsPassing())
        {
            // Nobody should wait for the next connection. The lock goes with the session as well.
            _ = ReturnWhenConnectedAsync();
            return;
        }
        catch (ClientClosedException)
        {
        }

        await LeaveAsync().ConfigureAwait(false);
    }

    private async Task ReturnWhenConnectedAsync()
    {
        try
        {
            await _queue.Client.UntilAnsweredAsync(() => _queue.Transactions.ReturnAsync(_lock), _queue.Options.TimeProvider, CancellationToken.None)
                .ConfigureAwait(false);
            await LeaveAsync().ConfigureAwait(false);
        }
        catch (KeeperException)
        {
            // The client was disposed, and its session closed with it.
        }
    }

    private ValueTask LeaveAsync()
    {
        _queue.Listing.Return(_listed, _lock.Token);
        return _queue.Consumer.LeaveAsync(_lock.Registration);
    }

    private void Move(QueueItemState from, QueueItemState to, string action)
    {
        lock (_gate)
        {
            if (_state != from)
                throw new InvalidOperationException($"Cannot {action} the item {Name} of the queue {_queue.Path}: it is {_state}.");
            _state = to;
        }
    }
}
