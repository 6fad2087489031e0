namespace OrleansKeeper.ClientSdk.Errors;

/// <summary>The znode has another version.</summary>
public sealed class BadVersionException(string path) : KeeperException(ErrorCode.BadVersion, path, $"The znode {path} has another version than the one that was asked for.");
