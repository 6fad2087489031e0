namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>What this object knows of an item. Changed under the listing's lock.</summary>
internal sealed class ListedItem(ItemName name) : IComparable<ListedItem>
{
    public ItemName Name { get; } = name;

    /// <summary>Whether there is a lock: what the service's events say.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether somebody in this object tries to take it, or has it.</summary>
    public bool IsReserved { get; set; }

    /// <summary>Whether somebody else came first, of which the events do not tell yet.</summary>
    public bool IsContended { get; set; }

    /// <summary>How many events there were about it.</summary>
    public int Events { get; set; }

    /// <summary>The transaction that last deleted its lock.</summary>
    public long UnlockedAt { get; set; }

    /// <summary>Who in this object has it.</summary>
    public QueueItem? Holder { get; set; }

    public bool IsAvailable => !IsTaken && !IsReserved && !IsContended;

    public int CompareTo(ListedItem? other) => other is null ? 1 : Name.CompareTo(other.Name);
}
