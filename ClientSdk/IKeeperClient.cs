using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk;

/// <summary>
/// A client of the service: one session, and everything that ZooKeeper's data model offers, for .NET. Safe to use from many threads at once. Requests take effect, and are answered, in the order in which they were
/// made. It reconnects by itself and keeps its session while it can; when the session expires it opens another one. Paths are those of <see cref="Chroot"/>. Every operation throws <see cref="KeeperException"/>, a class for
/// each error, whose <see cref="KeeperException.Outcome"/> says whether the operation happened.
/// </summary>
public interface IKeeperClient : IAsyncDisposable
{
    /// <summary>The path that this client sees as the root; <c>/</c> for the service's own.</summary>
    string Chroot { get; }

    /// <summary>The session as it is now. Another one takes its place when it expires; what was granted to it is gone then.</summary>
    KeeperSession Session { get; }

    /// <summary>What is known of the connection.</summary>
    KeeperConnectionState State { get; }

    /// <summary>Raised when <see cref="State"/> changes, one call after the other, in order. Handlers must not block.</summary>
    event EventHandler<KeeperConnectionState>? StateChanged;

    /// <summary>The same session, seen from a path below: operations there need not name it. Disposing the result does nothing.</summary>
    /// <exception cref="ArgumentException">The path is not one that a znode can have.</exception>
    IKeeperClient WithChroot(string path);

    /// <summary>Creates a znode.</summary>
    /// <returns>Its path, with the counter that was appended to the name of a sequential one, and its Stat.</returns>
    /// <exception cref="NodeExistsException">It exists.</exception>
    /// <exception cref="NoNodeException">Its parent does not.</exception>
    Task<CreatedZNode> CreateAsync(
        string path, ReadOnlyMemory<byte> data, CreateOptions options, CancellationToken cancellationToken = default);

    /// <summary>Deletes a znode if it has this version; -1 for any.</summary>
    /// <exception cref="BadVersionException">It has another one.</exception>
    /// <exception cref="NotEmptyException">It has children.</exception>
    Task DeleteAsync(string path, int version = KeeperVersion.Any, CancellationToken cancellationToken = default);

    /// <summary>The znode's Stat; null when there is no such znode.</summary>
    Task<Stat?> ExistsAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Reads a znode's data and Stat.</summary>
    /// <exception cref="NoNodeException">There is no such znode.</exception>
    Task<ZNodeContent> GetAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Sets a znode's data if it has this version; -1 for any.</summary>
    Task<Stat> SetDataAsync(
        string path, ReadOnlyMemory<byte> data, int version = KeeperVersion.Any, CancellationToken cancellationToken = default);

    /// <summary>Reads the names of a znode's children, in no particular order, and its Stat.</summary>
    Task<ZNodeChildren> GetChildrenAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="ExistsAsync"/>, with a watch that is set in the same moment: it hears of the next creation, deletion or change.</summary>
    Task<Watched<Stat?>> ExistsAndWatchAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="GetAsync"/>, with a watch that is set in the same moment: it hears of the next change or deletion.</summary>
    Task<Watched<ZNodeContent>> GetAndWatchAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="GetChildrenAsync"/>, with a watch that is set in the same moment: it hears of the next child that comes or goes.</summary>
    Task<Watched<ZNodeChildren>> GetChildrenAndWatchAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens a persistent watch; it is set when this returns, so that what is read afterwards is no older than the first event. Events come in
    /// the order of their zxids, none is lost and none comes twice, also when the silo that serves the session dies.
    /// </summary>
    Task<KeeperWatch> OpenWatchAsync(string path, WatchMode mode, CancellationToken cancellationToken = default);

    /// <summary>Reads a znode's access control list.</summary>
    Task<ZNodeAcl> GetAclAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Sets a znode's access control list if the list has this version (<see cref="Stat.Aversion"/>); -1 for any.</summary>
    Task<Stat> SetAclAsync(
        string path, IReadOnlyList<Acl> acl, int aversion = KeeperVersion.Any, CancellationToken cancellationToken = default);

    /// <summary>When this returns, the session sees every write that was acknowledged to anybody before it was called.</summary>
    Task SyncAsync(CancellationToken cancellationToken = default);

    /// <summary>Does all of these operations or none, as one transaction.</summary>
    /// <exception cref="TransactionFailedException">One of them cannot be done; it says which.</exception>
    Task<IReadOnlyList<TransactionResult>> CommitAsync(
        IReadOnlyList<TransactionOperation> operations, CancellationToken cancellationToken = default);

    /// <summary>The paths of the ephemeral znodes of this session, below a path.</summary>
    Task<IReadOnlyList<string>> GetEphemeralsAsync(string prefix = "/", CancellationToken cancellationToken = default);

    /// <summary>How many znodes there are below this one, at any depth.</summary>
    Task<int> CountDescendantsAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Proves to be somebody, for access control lists; the client proves it again whenever it reconnects.</summary>
    /// <exception cref="AuthFailedException">The scheme is unknown or the credentials are malformed.</exception>
    Task AuthenticateAsync(string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken = default);

    /// <summary>Who this session is, by scheme and id.</summary>
    Task<IReadOnlyList<Id>> WhoAmIAsync(CancellationToken cancellationToken = default);
}
