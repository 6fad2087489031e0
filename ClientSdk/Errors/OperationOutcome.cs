namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>What is known about an operation that threw.</summary>
public enum OperationOutcome
{
    /// <summary>It did not happen, and will not.</summary>
    DidNotHappen,

    /// <summary>It may have happened or not, and may still: the connection was lost while it was on its way.</summary>
    Unknown,
}
