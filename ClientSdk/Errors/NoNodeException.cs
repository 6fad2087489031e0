namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>There is no such znode.</summary>
public sealed class NoNodeException(string path) : KeeperException(ErrorCode.NoNode, path, $"There is no znode {path}.");
