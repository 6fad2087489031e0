using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Transactions;

/// <summary>
/// Operations that are to be done all or none: <c>client.Transaction().Check("/a", 3).SetData("/b", data).CommitAsync()</c>.
/// Not safe to use from several threads at once.
/// </summary>
/// <param name="client">The client that commits.</param>
public sealed class KeeperTransaction(IKeeperClient client)
{
    private readonly List<TransactionOperation> _operations = [];

    /// <summary>Creates a znode.</summary>
    public KeeperTransaction Create(string path, ReadOnlyMemory<byte> data = default, CreateMode mode = CreateMode.Persistent) =>
        Create(path, data, new CreateOptions { Mode = mode });

    /// <summary>Creates a znode.</summary>
    public KeeperTransaction Create(string path, ReadOnlyMemory<byte> data, CreateOptions options) =>
        Add(new TransactionOperation.Create(path, data, options));

    /// <summary>Deletes a znode if it has this version.</summary>
    public KeeperTransaction Delete(string path, int version = KeeperVersion.Any) => Add(new TransactionOperation.Delete(path, version));

    /// <summary>Sets a znode's data if it has this version.</summary>
    public KeeperTransaction SetData(string path, ReadOnlyMemory<byte> data, int version = KeeperVersion.Any) =>
        Add(new TransactionOperation.SetData(path, data, version));

    /// <summary>Has the transaction fail unless the znode exists and has this version.</summary>
    public KeeperTransaction Check(string path, int version = KeeperVersion.Any) => Add(new TransactionOperation.Check(path, version));

    /// <summary>Does all of it, or nothing.</summary>
    /// <returns>A result for each operation, in their order.</returns>
    /// <exception cref="TransactionFailedException">One of them cannot be done; it says which.</exception>
    public Task<IReadOnlyList<TransactionResult>> CommitAsync(CancellationToken cancellationToken = default) =>
        client.CommitAsync(_operations, cancellationToken);

    private KeeperTransaction Add(TransactionOperation operation)
    {
        _operations.Add(operation);
        return this;
    }
}
