namespace OrleansKeeper.Protocol;

/// <summary>Which watches to check or remove.</summary>
public enum WatcherType
{
    /// <summary>Watches of the children.</summary>
    Children = 1,

    /// <summary>Watches of the data.</summary>
    Data = 2,

    /// <summary>All watches.</summary>
    Any = 3,

    /// <summary>Persistent watches.</summary>
    Persistent = 4,

    /// <summary>Persistent watches of the whole subtree.</summary>
    PersistentRecursive = 5,
}
