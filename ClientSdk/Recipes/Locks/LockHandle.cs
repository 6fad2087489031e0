using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>A lock that is held. Disposing releases it.</summary>
public sealed class LockHandle : IAsyncDisposable
{
    private readonly OwnedZNode _owned;

    internal LockHandle(OwnedZNode owned) => _owned = owned;

    /// <summary>
    /// The zxid of the transaction that created the holder's znode. Whoever holds the lock later has a greater one. (Readers hold a
    /// read-write lock together; each has a token that is greater than those of all writers before and smaller than those of all writers
    /// after.)
    /// </summary>
    public long FencingToken => _owned.FencingToken;

    /// <summary>
    /// Cancelled when the lock is not held any more, or nobody can vouch for it: the session expired, nothing was heard from the service
    /// for the session's timeout, or somebody deleted the znode. Whoever is at work under the lock must stop, and then dispose this; a lock
    /// that was lost does not come back. Disposing does not cancel it.
    /// </summary>
    public CancellationToken LostToken => _owned.LostToken;

    /// <summary>The holder's znode, which exists as long as the lock is held: for <c>Check</c> in a transaction.</summary>
    public string Path => _owned.Path;

    /// <summary>
    /// Releases the lock. Without a connection it returns, and the lock is released in the background after the next reconnect. Disposing
    /// again does nothing.
    /// </summary>
    public ValueTask DisposeAsync() => _owned.DisposeAsync();
}
