using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>A client that counts what is read through it.</summary>
internal sealed class CountingClient(IKeeperClient client) : IKeeperClient
{
    private int _reads;

    public event EventHandler<KeeperConnectionState>? StateChanged
    {
        add => client.StateChanged += value;
        remove => client.StateChanged -= value;
    }

    public int Reads => Volatile.Read(ref _reads);

    public string Chroot => client.Chroot;

    public KeeperSession Session => client.Session;

    public KeeperConnectionState State => client.State;

    public IKeeperClient WithChroot(string path) => client.WithChroot(path);

    public Task<CreatedZNode> CreateAsync(string path, ReadOnlyMemory<byte> data, CreateOptions options, CancellationToken cancellationToken = default) =>
        client.CreateAsync(path, data, options, cancellationToken);

    public Task DeleteAsync(string path, int version = KeeperVersion.Any, CancellationToken cancellationToken = default) =>
        client.DeleteAsync(path, version, cancellationToken);

    public Task<Stat?> ExistsAsync(string path, CancellationToken cancellationToken = default) => client.ExistsAsync(path, cancellationToken);

    public Task<ZNodeContent> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return client.GetAsync(path, cancellationToken);
    }

    public Task<Stat> SetDataAsync(string path, ReadOnlyMemory<byte> data, int version = KeeperVersion.Any, CancellationToken cancellationToken = default) =>
        client.SetDataAsync(path, data, version, cancellationToken);

    public Task<ZNodeChildren> GetChildrenAsync(string path, CancellationToken cancellationToken = default) => client.GetChildrenAsync(path, cancellationToken);

    public Task<Watched<Stat?>> ExistsAndWatchAsync(string path, CancellationToken cancellationToken = default) =>
        client.ExistsAndWatchAsync(path, cancellationToken);

    public Task<Watched<ZNodeContent>> GetAndWatchAsync(string path, CancellationToken cancellationToken = default) =>
        client.GetAndWatchAsync(path, cancellationToken);

    public Task<Watched<ZNodeChildren>> GetChildrenAndWatchAsync(string path, CancellationToken cancellationToken = default) =>
        client.GetChildrenAndWatchAsync(path, cancellationToken);

    public Task<KeeperWatch> OpenWatchAsync(string path, WatchMode mode, CancellationToken cancellationToken = default) =>
        client.OpenWatchAsync(path, mode, cancellationToken);

    public Task<ZNodeAcl> GetAclAsync(string path, CancellationToken cancellationToken = default) => client.GetAclAsync(path, cancellationToken);

    public Task<Stat> SetAclAsync(string path, IReadOnlyList<Acl> acl, int aversion = KeeperVersion.Any, CancellationToken cancellationToken = default) =>
        client.SetAclAsync(path, acl, aversion, cancellationToken);

    public Task SyncAsync(CancellationToken cancellationToken = default) => client.SyncAsync(cancellationToken);

    public Task<IReadOnlyList<TransactionResult>> CommitAsync(IReadOnlyList<TransactionOperation> operations, CancellationToken cancellationToken = default) =>
        client.CommitAsync(operations, cancellationToken);

    public Task<IReadOnlyList<string>> GetEphemeralsAsync(string prefix = "/", CancellationToken cancellationToken = default) =>
        client.GetEphemeralsAsync(prefix, cancellationToken);

    public Task<int> CountDescendantsAsync(string path, CancellationToken cancellationToken = default) => client.CountDescendantsAsync(path, cancellationToken);

    public Task AuthenticateAsync(string scheme, ReadOnlyMemory<byte> credentials, CancellationToken cancellationToken = default) =>
        client.AuthenticateAsync(scheme, credentials, cancellationToken);

    public Task<IReadOnlyList<Id>> WhoAmIAsync(CancellationToken cancellationToken = default) => client.WhoAmIAsync(cancellationToken);

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
