using Orleans.Concurrency;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>
/// Orders all writes of the service. Local to each silo; only the one that holds the ledger's epoch orders.
/// </summary>
[Alias("OrleansKeeper.ISequencerGrain")]
public interface ISequencerGrain : IGrainWithIntegerKey
{
    /// <summary>Claims the epoch that follows the expected one, brings the replica to where the log ends, and begins to order.</summary>
    /// <returns>Whether this silo orders now; false when somebody else claimed that epoch.</returns>
    [Alias("Begin")]
    Task<bool> Begin(int expectedEpoch);

    /// <summary>
    /// Takes the requests of one silo, in order, and returns when they are received. What became of each comes back in the commit feed. A request
    /// that was received before is not taken again.
    /// </summary>
    /// <returns>Whether they were taken; false when this silo does not order in that epoch.</returns>
    [Alias("Submit"), AlwaysInterleave]
    Task<bool> Submit(int epoch, [Immutable] Submission submission);
}
