namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>What happened to a tree cache.</summary>
public enum TreeCacheEventType
{
    /// <summary>A znode was created.</summary>
    Added,

    /// <summary>A znode's data was set.</summary>
    Changed,

    /// <summary>A znode was deleted. Those below it went before.</summary>
    Removed,

    /// <summary>The reader has been given everything that the cache held when it began to read.</summary>
    Initialized,

    /// <summary>
    /// The reader had missed changes, since it was slow or the client was away for long; the events before this one were found by comparing, and bring it up to date.
    /// </summary>
    Resynchronized,
}
