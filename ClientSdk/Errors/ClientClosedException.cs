namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The client was disposed.</summary>
/// <param name="path">The znode that the operation was about; null for none.</param>
/// <param name="outcome">Whether it happened.</param>
public sealed class ClientClosedException(string? path, OperationOutcome outcome = OperationOutcome.DidNotHappen)
    : KeeperException(ErrorCode.Closing, path, "The client was disposed.", outcome);
