using OrleansKeeper.ClientSdk.Recipes.Contention;

namespace OrleansKeeper.ClientSdk.Recipes.Locks;

/// <summary>
/// A lock among all who name the same path that either one writer holds or any number of readers, in the order in which they asked: readers
/// that come after a writer wait for it, so that writers do not starve.
/// </summary>
/// <remarks>
/// It is not re-entrant, and cannot be upgraded or downgraded: whoever holds the read lock and waits for the write lock waits for ever. The
/// layout is that of kazoo's <c>ReadLock</c> and <c>WriteLock</c> (<c>GUID__rlock__</c>, <c>GUID__lock__</c>), or that of Curator's
/// <c>InterProcessReadWriteLock</c> (<c>_c_GUID-__READ__</c>, <c>_c_GUID-__WRIT__</c>): <see cref="LockOptions.Layout"/>. A <see
/// cref="DistributedLock"/> on the same path is a writer.
/// </remarks>
/// <param name="client">The client.</param>
/// <param name="path">The lock's path; it need not exist.</param>
/// <param name="options">How to contend.</param>
/// <exception cref="ArgumentException">The path is not one that a znode can have.</exception>
public sealed class DistributedReadWriteLock(IKeeperClient client, string path, LockOptions? options = null)
{
    /// <summary>The lock's path.</summary>
    public string Path => ReadLock.Path;

    /// <summary>The lock that readers hold together.</summary>
    public DistributedLock ReadLock { get; } = new(client, path, options ?? new LockOptions(), ContenderKind.Reader);

    /// <summary>The lock that a writer holds alone.</summary>
    public DistributedLock WriteLock { get; } = new(client, path, options ?? new LockOptions(), ContenderKind.Writer);
}
