namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>An access control list forbids it.</summary>
public sealed class NoAuthException(string path) : KeeperException(ErrorCode.NoAuth, path, $"The access control list of {path} does not allow it.");
