namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>What happened to a tree cache.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Entry">The znode as it is then, of one that was added or changed; null otherwise.</param>
/// <param name="Previous">The znode as it was, of one that was changed or removed; null otherwise.</param>
/// <param name="Zxid">The transaction that did it; 0 where it was found by comparing.</param>
public readonly record struct TreeCacheEvent(TreeCacheEventType Type, TreeCacheEntry? Entry, TreeCacheEntry? Previous, long Zxid)
{
    /// <summary>The znode; null where none is meant.</summary>
    public string? Path => (Entry ?? Previous)?.Path;
}
