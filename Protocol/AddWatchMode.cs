namespace OrleansKeeper.Protocol;

/// <summary>What kind of persistent watch to add.</summary>
public enum AddWatchMode
{
    /// <summary>Watches the node's data and children.</summary>
    Persistent = 0,

    /// <summary>Watches the node and all its descendants.</summary>
    PersistentRecursive = 1,
}
