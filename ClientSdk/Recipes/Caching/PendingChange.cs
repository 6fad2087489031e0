using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>A watch event whose znode is being read.</summary>
/// <param name="Event">The event.</param>
/// <param name="Read">The read that began after it; null in the end for a znode that is not there.</param>
/// <param name="Loads">How often the subtree had been loaded when the read began.</param>
internal readonly record struct PendingChange(WatchEvent Event, Task<ZNodeContent?> Read, int Loads);
