namespace OrleansKeeper.ClientSdk.Transactions;

/// <summary>One operation of a transaction.</summary>
/// <param name="Path">The znode.</param>
public abstract record TransactionOperation(string Path)
{
    /// <summary>Creates a znode.</summary>
    public sealed record Create(string Path, ReadOnlyMemory<byte> Data, CreateOptions Options) : TransactionOperation(Path);

    /// <summary>Deletes a znode if it has this version.</summary>
    public sealed record Delete(string Path, int Version = KeeperVersion.Any) : TransactionOperation(Path);

    /// <summary>Sets a znode's data if it has this version.</summary>
    public sealed record SetData(string Path, ReadOnlyMemory<byte> Data, int Version = KeeperVersion.Any) : TransactionOperation(Path);

    /// <summary>Does nothing, but fails the transaction unless the znode exists and has this version.</summary>
    public sealed record Check(string Path, int Version = KeeperVersion.Any) : TransactionOperation(Path);
}
