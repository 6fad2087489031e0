namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The service does not accept the credentials.</summary>
public sealed class AuthFailedException() : KeeperException(ErrorCode.AuthFailed, null, "The service does not accept the credentials.");
