namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>Ephemeral znodes have no children.</summary>
public sealed class NoChildrenForEphemeralsException(string path) : KeeperException(ErrorCode.NoChildrenForEphemerals, path, $"The parent of {path} is ephemeral; ephemeral znodes have no children.");
