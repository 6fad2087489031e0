namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>What a persistent watch hears of.</summary>
public enum WatchMode
{
    /// <summary>The znode's data, its creation and deletion, and its children's coming and going.</summary>
    Persistent = 0,

    /// <summary>The data, creation and deletion of the znode and of all below it.</summary>
    PersistentRecursive = 1,
}
