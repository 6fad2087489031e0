namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>What has become of a taken item, as far as its consumer is concerned.</summary>
internal enum QueueItemState
{
    /// <summary>The consumer works on it.</summary>
    Held,

    /// <summary>It is being removed.</summary>
    Completing,

    /// <summary>It was removed.</summary>
    Completed,

    /// <summary>It could not be removed, or nobody knows.</summary>
    Lost,

    /// <summary>It was returned, or was not held any more.</summary>
    Disposed,
}
