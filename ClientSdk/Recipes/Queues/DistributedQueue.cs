namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// A queue: first in, first out. Its layout is that of kazoo's LockingQueue, whose default priority its items have, so both may put and take in one queue. Curator's
/// DistributedQueue has another layout, and wraps the data.
/// </summary>
public sealed class DistributedQueue : ItemQueue
{
    /// <summary>A queue. Nothing happens before it is used.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The queue's znode.</param>
    /// <param name="options">How it behaves.</param>
    public DistributedQueue(IKeeperClient client, string path, QueueOptions? options = null)
        : base(client, path, rankIsDueTime: false, options)
    {
    }

    /// <summary>Puts an item at the end.</summary>
    public Task PutAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        PutAsync(DistributedPriorityQueue.DefaultPriority, [data], cancellationToken);

    /// <summary>Puts items at the end, all or none, in one transaction.</summary>
    public Task PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return PutAsync(DistributedPriorityQueue.DefaultPriority, items, cancellationToken);
    }
}
