using Orleans.Concurrency;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>
/// A znode, keyed by its path: brings it into memory when it is cold, and is its address for .NET callers and other grains.
/// Calls have no session, so they see no session's order: a read shows the silo's state when it runs, at least as of
/// <c>leastZxid</c>; a write is ordered among all writes, and takes effect once or not at all. Callers act as <c>world:anyone</c>.
/// </summary>
[Alias("OrleansKeeper.IZNodeGrain")]
public interface IZNodeGrain : IGrainWithStringKey
{
    /// <summary>Loads the znode from the store unless it is in memory; returns when it is known whether it exists.</summary>
    [Alias("EnsureResident")]
    Task EnsureResident();

    /// <summary>Loads the names of the znode's children unless they are in memory.</summary>
    [Alias("EnsureChildrenResident")]
    Task EnsureChildrenResident();

    /// <summary>Reads the znode; its data and Stat.</summary>
    /// <param name="leastZxid">Waits until the silo has seen this transaction; 0 for whatever it has seen.</param>
    /// <returns>What was read; null when there is no such znode.</returns>
    /// <exception cref="KeeperOperationException">Its access control list keeps the caller from reading it.</exception>
    [Alias("Get"), AlwaysInterleave]
    Task<ZNodeSnapshot?> Get(long leastZxid = 0);

    /// <summary>Reads the names of the znode's children, in no particular order.</summary>
    /// <exception cref="KeeperOperationException">There is no such znode, or its access control list forbids it.</exception>
    [Alias("GetChildren"), AlwaysInterleave]
    Task<IReadOnlyList<string>> GetChildren(long leastZxid = 0);

    /// <summary>Creates the znode as a persistent one that everybody may use.</summary>
    /// <returns>The transaction's zxid.</returns>
    /// <exception cref="KeeperOperationException">It exists, or its parent does not, or the parent forbids it.</exception>
    [Alias("Create"), AlwaysInterleave]
    Task<long> Create([Immutable] byte[]? data);

    /// <summary>Sets the data if the znode has this version; -1 for any.</summary>
    /// <returns>The znode's new Stat.</returns>
    /// <exception cref="KeeperOperationException">There is no such znode, or it has another version, or its list forbids it.</exception>
    [Alias("SetData"), AlwaysInterleave]
    Task<ZNodeSnapshot> SetData([Immutable] byte[]? data, int version = -1);

    /// <summary>Deletes the znode if it has this version; -1 for any.</summary>
    /// <returns>The transaction's zxid.</returns>
    /// <exception cref="KeeperOperationException">There is no such znode, or it has another version or children, or its parent forbids it.</exception>
    [Alias("Delete"), AlwaysInterleave]
    Task<long> Delete(int version = -1);
}
