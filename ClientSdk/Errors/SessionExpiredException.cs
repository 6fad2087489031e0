namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The session in which the operation was asked for has expired.</summary>
public sealed class SessionExpiredException(string path) : KeeperException(ErrorCode.SessionExpired, path, $"The session expired before the operation on {path} was done.");
