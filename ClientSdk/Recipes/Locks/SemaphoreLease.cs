using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>A semaphore's lease that is held. Disposing gives it back.</summary>
public sealed class SemaphoreLease : IAsyncDisposable
{
    private readonly OwnedZNode _owned;

    internal SemaphoreLease(OwnedZNode owned) => _owned = owned;

    /// <summary>The zxid of the transaction that created the lease's znode. A lease that is granted later has a greater one.</summary>
    public long FencingToken => _owned.FencingToken;

    /// <summary>
    /// Cancelled when the lease is not held any more, or nobody can vouch for it: the session expired, nothing was heard from the service
    /// for the session's timeout, or somebody deleted the znode. Disposing does not cancel it.
    /// </summary>
    public CancellationToken LostToken => _owned.LostToken;

    /// <summary>The lease's znode, which exists as long as the lease is held: for <c>Check</c> in a transaction.</summary>
    public string Path => _owned.Path;

    /// <summary>
    /// Gives the lease back. Without a connection it returns, and the lease is given back in the background after the next reconnect.
    /// Disposing again does nothing.
    /// </summary>
    public ValueTask DisposeAsync() => _owned.DisposeAsync();
}
