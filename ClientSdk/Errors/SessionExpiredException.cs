namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The session in which the operation was asked for has expired.</summary>
/// <param name="path">The znode that it was about; null for none.</param>
public sealed class SessionExpiredException(string? path)
    : KeeperException(ErrorCode.SessionExpired, path, $"The session expired before the operation{(path is null ? "" : $" on {path}")} was done.");
