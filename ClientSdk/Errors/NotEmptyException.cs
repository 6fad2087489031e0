namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The znode has children.</summary>
public sealed class NotEmptyException(string path) : KeeperException(ErrorCode.NotEmpty, path, $"The znode {path} has children.");
