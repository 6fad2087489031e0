namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// A queue whose items have priorities: the lowest goes first, and among equals the one that was put first. Its layout is that of kazoo's LockingQueue, and so are its priorities, so
/// both may put and take in one queue. Curator's DistributedPriorityQueue sorts alike but has another layout, and wraps the data.
/// </summary>
public sealed class DistributedPriorityQueue : ItemQueue
{
    /// <summary>The last priority to go.</summary>
    public const int MaxPriority = 999;

    /// <summary>The priority of items that are put without one.</summary>
    public const int DefaultPriority = 100;

    /// <summary>A queue. Nothing happens before it is used.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The queue's znode.</param>
    /// <param name="options">How it behaves.</param>
    public DistributedPriorityQueue(IKeeperClient client, string path, QueueOptions? options = null)
        : base(client, path, rankIsDueTime: false, options)
    {
    }

    /// <summary>Puts an item.</summary>
    /// <param name="data">The item.</param>
    /// <param name="priority">0 for the first to go, to <see cref="MaxPriority"/> for the last.</param>
    /// <param name="cancellationToken">Gives up while it is certain that the item was not put.</param>
    public Task PutAsync(ReadOnlyMemory<byte> data, int priority = DefaultPriority, CancellationToken cancellationToken = default) =>
        PutAllAsync([data], priority, cancellationToken);

    /// <summary>Puts items with one priority, all or none, in one transaction.</summary>
    public Task PutAllAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> items, int priority = DefaultPriority, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, MaxPriority);
        return PutAsync(priority, items, cancellationToken);
    }
}
