using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>An item could not be completed: its lock is gone, since the session expired for example, and another consumer may have the item. It was not removed.</summary>
/// <param name="path">The item.</param>
public sealed class QueueItemLostException(string path)
    : KeeperException(ErrorCode.NoNode, path, $"The lock of the item {path} is gone; another consumer may have taken the item. It was not removed.");
