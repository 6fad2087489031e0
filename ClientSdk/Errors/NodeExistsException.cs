namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The znode exists already.</summary>
public sealed class NodeExistsException(string path) : KeeperException(ErrorCode.NodeExists, path, $"The znode {path} exists already.");
