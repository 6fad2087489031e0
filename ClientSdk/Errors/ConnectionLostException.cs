namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>
/// The connection was lost before the operation was answered. <see cref="KeeperException.Outcome"/> says whether it never left, or may have happened.
/// </summary>
/// <param name="path">The znode that it was about; null for none.</param>
/// <param name="outcome">Whether it happened.</param>
/// <param name="innerException">What broke the connection.</param>
public sealed class ConnectionLostException(string? path, OperationOutcome outcome, Exception? innerException = null)
    : KeeperException(ErrorCode.ConnectionLoss, path, Explain(path, outcome), outcome, innerException)
{
    private static string Explain(string? path, OperationOutcome outcome)
    {
        var operation = path is null ? "the operation" : $"the operation on {path}";
        return outcome == OperationOutcome.Unknown
            ? $"The connection was lost before {operation} was answered; it may have happened."
            : $"There is no connection to the service; {operation} did not happen.";
    }
}
