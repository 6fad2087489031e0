namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>What can be wrong with a silo.</summary>
internal enum PlantedBug
{
    /// <inheritdoc cref="UnfencedTransactionLog"/>
    UnfencedAppend,

    /// <inheritdoc cref="ReorderingSilos"/>
    ReorderedFeed,

    /// <inheritdoc cref="WatchLoss"/>
    LostWatch,

    /// <inheritdoc cref="UnaskedTransactionLog"/>
    StaleSync,

    /// <summary>Nobody tells the session grains that a client was heard from, so that its session expires while it talks.</summary>
    LostHeartbeats,
}
