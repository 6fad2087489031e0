namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// A queue whose items are not taken before their time; then the one whose time came first goes first. The time, in milliseconds since the Unix epoch, is in the item's name; whether it has come, the
/// consumer's clock decides. The layout is that of the other queues with the time in the place of the priority, and neither kazoo's nor Curator's.
/// </summary>
public sealed class DistributedDelayQueue : ItemQueue
{
    /// <summary>A queue. Nothing happens before it is used.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The queue's znode.</param>
    /// <param name="options">How it behaves.</param>
    public DistributedDelayQueue(IKeeperClient client, string path, QueueOptions? options = null)
        : base(client, path, rankIsDueTime: true, options)
    {
    }

    /// <summary>Puts an item that is not to be taken before some time from now, by this client's clock.</summary>
    public Task PutAsync(ReadOnlyMemory<byte> data, TimeSpan delay, CancellationToken cancellationToken = default) =>
        PutAsync(data, Options.TimeProvider.GetUtcNow() + delay, cancellationToken);

    /// <summary>Puts an item that is not to be taken before a time; fractions of a millisecond do not count.</summary>
    public Task PutAsync(ReadOnlyMemory<byte> data, DateTimeOffset due, CancellationToken cancellationToken = default)
    {
        if (due < DateTimeOffset.UnixEpoch)
            throw new ArgumentOutOfRangeException(nameof(due), due, "The time must not be before 1970.");
        return PutAsync(due.ToUnixTimeMilliseconds(), [data], cancellationToken);
    }
}
