namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>Which exception an error of the service becomes: the only place that knows.</summary>
internal static class ErrorCodes
{
    /// <summary>The exception for an error.</summary>
    /// <param name="error">What the service answered.</param>
    /// <param name="path">The znode that it was about, as the caller names it; null for none.</param>
    /// <param name="isCreation">Whether the znode was to be created.</param>
    public static KeeperException ToException(this ErrorCode error, string? path, bool isCreation = false) => error switch
    {
        ErrorCode.NoNode when isCreation => new NoNodeException(path!, $"The parent of {path} does not exist."),
        ErrorCode.NoNode => new NoNodeException(path!),
        ErrorCode.NodeExists => new NodeExistsException(path!),
        ErrorCode.BadVersion => new BadVersionException(path!),
        ErrorCode.NotEmpty => new NotEmptyException(path!),
        ErrorCode.NoAuth => new NoAuthException(path!),
        ErrorCode.NoChildrenForEphemerals => new NoChildrenForEphemeralsException(path!),
        ErrorCode.InvalidAcl => new InvalidAclException(path!),
        ErrorCode.AuthFailed => new AuthFailedException(),
        ErrorCode.SessionExpired => new SessionExpiredException(path),
        _ => new KeeperException(error, path, $"{Explain(error)}{(path is null ? "" : $" The operation was on {path}.")}"),
    };

    private static string Explain(ErrorCode error) => error switch
    {
        ErrorCode.BadArguments => "The service does not accept the arguments.",
        ErrorCode.ThrottledOp => "The service has as many watches as it keeps.",
        ErrorCode.SystemError => "The service could not do it; its own log says why.",
        ErrorCode.RuntimeInconsistency => "It was not tried, since another operation of the transaction cannot be done.",
        ErrorCode.QuotaExceeded => "A quota would be exceeded.",
        _ => $"The service answered {error}.",
    };
}
