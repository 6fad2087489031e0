namespace OrleansKeeper.GrainInterfaces;

/// <summary>
/// Orders all writes of the service. Local to each silo; only the one that holds the ledger's epoch orders.
/// </summary>
[Alias("OrleansKeeper.ISequencerGrain")]
public interface ISequencerGrain : IGrainWithIntegerKey
{
    /// <summary>Claims the next epoch and begins to order; the replica has to be where the log ends.</summary>
    /// <returns>The epoch.</returns>
    [Alias("Begin")]
    Task<int> Begin();

    /// <summary>
    /// Takes the requests of one silo, in order, and returns when they are received. What became of each comes back in the commit feed.
    /// </summary>
    [Alias("Submit")]
    Task Submit([Immutable] Submission submission);
}
