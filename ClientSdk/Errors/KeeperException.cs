namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>An operation failed. There is a class for each error that one may want to catch.</summary>
public class KeeperException : Exception
{
    /// <summary>An operation failed.</summary>
    /// <param name="error">Why, in ZooKeeper's words.</param>
    /// <param name="path">The znode that it was about; null for none.</param>
    /// <param name="message">A sentence.</param>
    /// <param name="outcome">Whether it happened.</param>
    /// <param name="innerException">What made it fail, where that is known.</param>
    protected internal KeeperException(
        ErrorCode error,
        string? path,
        string message,
        OperationOutcome outcome = OperationOutcome.DidNotHappen,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
        Path = path;
        Outcome = outcome;
    }

    /// <summary>Why it failed, in ZooKeeper's words.</summary>
    public ErrorCode Error { get; }

    /// <summary>The znode that it was about; null for none.</summary>
    public string? Path { get; }

    /// <summary>Whether it happened.</summary>
    public OperationOutcome Outcome { get; }
}
