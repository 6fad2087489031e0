using OrleansKeeper.ClientSdk.Transactions;

namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>A transaction was not done, since one of its operations cannot be done.</summary>
/// <param name="index">Which operation, counted from 0.</param>
/// <param name="operation">The operation.</param>
/// <param name="cause">Why it cannot be done: the exception that the operation alone would have thrown.</param>
public sealed class TransactionFailedException(int index, TransactionOperation operation, KeeperException cause)
    : KeeperException(cause.Error, operation.Path, $"Operation {index} of the transaction cannot be done, so none was. {cause.Message}", innerException: cause)
{
    /// <summary>Which operation, counted from 0.</summary>
    public int Index { get; } = index;

    /// <summary>The operation.</summary>
    public TransactionOperation Operation { get; } = operation;
}
