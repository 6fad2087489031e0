namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>What happened.</summary>
public enum WatchEventType
{
    /// <summary>
    /// There were, or may have been, events which are not told: the client was away for longer than the service keeps its history, or the watch's reader
    /// let more events come together than are kept for it. The path is the watch's. Read again; the events behind come as always.
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
