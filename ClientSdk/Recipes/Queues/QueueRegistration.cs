namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>A znode that says that a consumer's session is alive, for transactions to check. It is used as long as the queue or an item needs it.</summary>
/// <param name="path">Its path.</param>
/// <param name="id">What the consumer writes into locks.</param>
/// <param name="sessionId">The session that owns it.</param>
internal sealed class QueueRegistration(string path, ReadOnlyMemory<byte> id, long sessionId)
{
    private int _uses = 1;

    /// <summary>Its path.</summary>
    public string Path { get; } = path;

    /// <summary>What the consumer writes into locks.</summary>
    public ReadOnlyMemory<byte> Id { get; } = id;

    /// <summary>The session that owns it.</summary>
    public long SessionId { get; } = sessionId;

    /// <summary>One more needs it.</summary>
    public void Use() => Interlocked.Increment(ref _uses);

    /// <summary>One needs it no more.</summary>
    /// <returns>Whether that was the last one.</returns>
    public bool Leave() => Interlocked.Decrement(ref _uses) == 0;
}
