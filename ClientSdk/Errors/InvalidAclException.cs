namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The access control list is not one that a znode can have.</summary>
public sealed class InvalidAclException(string path) : KeeperException(ErrorCode.InvalidAcl, path, $"The access control list for {path} is not valid.");
