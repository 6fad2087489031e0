namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>There is no such znode; or, of one that was to be created, no parent.</summary>
/// <param name="path">The znode.</param>
/// <param name="message">A sentence; one that says that the znode is missing unless it is given.</param>
public sealed class NoNodeException(string path, string? message = null)
    : KeeperException(ErrorCode.NoNode, path, message ?? $"There is no znode {path}.");
