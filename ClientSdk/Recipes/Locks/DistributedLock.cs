using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>
/// A lock among all who name the same path: one holds it at a time, in the order in which they asked.
/// <code>await using var handle = await @lock.AcquireAsync(cancellationToken);</code>
/// </summary>
/// <remarks>
/// <para>
/// No lock of any such service excludes a holder that was paused, for a garbage collection say, past its session's timeout and does not
/// know it yet. Who must be sure hands <see cref="LockHandle.FencingToken"/> along with each request to what the lock protects, which
/// refuses a token smaller than the greatest it has seen. What the lock protects may be in this service itself: then put
/// <c>Check(handle.Path)</c> into the transaction that changes it, which fails unless the lock is still held.
/// </para>
/// <para>It is not re-entrant: each acquisition is a contender of its own. An object may be used by many at once.</para>
/// <para>
/// The layout is that of kazoo's <c>Lock</c> and <c>WriteLock</c>, or that of Curator's <c>InterProcessMutex</c>: <see
/// cref="LockOptions.Layout"/>. Missing parents are created as containers, which the service deletes when they have been empty for a while;
/// a kazoo <c>Lock</c> object expects its path to stay, so create the path as a persistent znode where those are kept for long.
/// </para>
/// </remarks>
public sealed class DistributedLock
{
    private readonly IKeeperClient _client;
    private readonly ContentionPlace _place;

    /// <summary>The lock at a path. Nothing is sent before it is acquired.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The lock's path; it need not exist.</param>
    /// <param name="options">How to contend.</param>
    /// <exception cref="ArgumentException">The path is not one that a znode can have.</exception>
    public DistributedLock(IKeeperClient client, string path, LockOptions? options = null)
        : this(client, path, options ?? new LockOptions(), ContenderKind.Lock)
    {
    }

    internal DistributedLock(IKeeperClient client, string path, LockOptions options, ContenderKind kind)
    {
        _client = client;
        _place = ContentionPlace.Create(
            path, kind, options.Layout, kind == ContenderKind.Reader ? ContentionRules.Shared : ContentionRules.Exclusive, options);
    }

    /// <summary>The lock's path.</summary>
    public string Path => _place.Parent;

    /// <summary>Waits until the lock is granted, through lost connections and sessions.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing stays in the queue.</exception>
    /// <exception cref="KeeperException">It cannot be granted: an access control list forbids it, or the client was disposed.</exception>
    public async Task<LockHandle> AcquireAsync(CancellationToken cancellationToken = default) =>
        (await TryAcquireAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Waits until the lock is granted, but not longer than this.</summary>
    /// <param name="timeout">How long; by default not at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if it was not granted in that time; nothing stays in the queue.</returns>
    /// <exception cref="ConnectionLostException">The client was not connected when the time was up.</exception>
    public async Task<LockHandle?> TryAcquireAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        var granted = await new Acquisition(_client, _place).RunAsync(timeout, cancellationToken).ConfigureAwait(false);
        return granted is null ? null : new LockHandle(granted);
    }

    /// <summary>Who holds the lock or waits for it, in order, of all layouts. Readers of a read-write lock are among them.</summary>
    public Task<IReadOnlyList<Contender>> GetContendersAsync(CancellationToken cancellationToken = default) =>
        Contenders.ReadAsync(_client, Path, cancellationToken);
}
