namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>What happened.</summary>
public enum WatchEventType
{
    /// <summary>
    /// The client was away for longer than the service keeps its history, so that there may have been events which nobody can tell any more: read again.
    /// </summary>
    Missed = 0,

    /// <summary>The znode was created.</summary>
    NodeCreated = 1,

    /// <summary>The znode was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>The znode's data was set.</summary>
    NodeDataChanged = 3,

    /// <summary>A child of the znode was created or deleted.</summary>
    NodeChildrenChanged = 4,
}
