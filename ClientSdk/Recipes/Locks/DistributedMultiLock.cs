using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>
/// Several locks as one: all are held or none. They are acquired in the order of their paths, whatever the order in which they are named,
/// so that two multi-locks that share some do not wait for each other for ever.
/// </summary>
/// <remarks>It has no znodes beside those of its locks, whose layouts are as <see cref="DistributedLock"/> says.</remarks>
public sealed class DistributedMultiLock
{
    private readonly DistributedLock[] _locks;

    /// <summary>These locks as one.</summary>
    /// <param name="locks">
    /// The locks, each with a path of its own. Their clients should see the same root, since paths are what orders them.
    /// </param>
    /// <exception cref="ArgumentException">There are none, or two of them are at the same path.</exception>
    public DistributedMultiLock(params IEnumerable<DistributedLock> locks)
    {
        _locks = [.. locks.OrderBy(@lock => @lock.Path, StringComparer.Ordinal)];
        if (_locks.Length == 0)
            throw new ArgumentException("A multi-lock needs at least one lock.", nameof(locks));
        for (var i = 1; i < _locks.Length; i++)
        {
            if (_locks[i].Path == _locks[i - 1].Path)
                throw new ArgumentException($"Two of the locks are at {_locks[i].Path}, and would wait for each other.", nameof(locks));
        }
    }

    /// <summary>The locks' paths, in the order in which they are acquired.</summary>
    public IReadOnlyList<string> Paths => [.. _locks.Select(@lock => @lock.Path)];

    /// <summary>Waits until all locks are granted, through lost connections and sessions.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; none is held, and nothing stays in the queues.</exception>
    /// <exception cref="KeeperException">One cannot be granted: an access control list forbids it, or the client was disposed.</exception>
    public async Task<MultiLockHandle> AcquireAsync(CancellationToken cancellationToken = default) =>
        (await TryAcquireAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Waits until all locks are granted, but not longer than this.</summary>
    /// <param name="timeout">How long, for all together; by default not at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if that was not long enough; none is held then, and nothing stays in the queues.</returns>
    /// <exception cref="ConnectionLostException">The client was not connected when the time was up.</exception>
    public async Task<MultiLockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var limit = new TimeLimit(timeout);
        while (await TryAcquireEachAsync(limit, cancellationToken).ConfigureAwait(false) is { } handle)
        {
            if (!handle.LostToken.IsCancellationRequested)
                return handle;

            // One was lost while others were waited for: they are not held together, so it begins again.
            await handle.DisposeAsync().ConfigureAwait(false);
        }
        return null;
    }

    private async Task<MultiLockHandle?> TryAcquireEachAsync(TimeLimit limit, CancellationToken cancellationToken)
    {
        var handles = new List<LockHandle>(_locks.Length);
        var isComplete = false;
        try
        {
            foreach (var @lock in _locks)
            {
                if (await @lock.TryAcquireAsync(limit.Remaining, cancellationToken).ConfigureAwait(false) is not { } handle)
                    return null;
                handles.Add(handle);
            }
            isComplete = true;
            return new MultiLockHandle([.. Paths.Zip(handles)]);
        }
        finally
        {
            if (!isComplete)
                await MultiLockHandle.ReleaseAsync(handles).ConfigureAwait(false);
        }
    }
}
