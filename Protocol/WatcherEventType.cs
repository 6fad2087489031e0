namespace OrleansKeeper.Protocol;

/// <summary>What happened, in a watch event.</summary>
public enum WatcherEventType
{
    /// <summary>The state of the connection changed.</summary>
    None = -1,

    /// <summary>The node was created.</summary>
    NodeCreated = 1,

    /// <summary>The node was deleted.</summary>
    NodeDeleted = 2,

    /// <summary>The node's data was set.</summary>
    NodeDataChanged = 3,

    /// <summary>A child of the node was created or deleted.</summary>
    NodeChildrenChanged = 4,

    /// <summary>A data watch was removed; clients tell themselves.</summary>
    DataWatchRemoved = 5,

    /// <summary>A child watch was removed; clients tell themselves.</summary>
    ChildWatchRemoved = 6,

    /// <summary>A persistent watch was removed; clients tell themselves.</summary>
    PersistentWatchRemoved = 7,
}
