using Orleans.Services;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// What the silos ask each other, by address: no grain directory takes part, which would need seconds after a silo's death.
/// Messages that cross a socket arrive in any order, so whoever depends on an order has one call in flight at a time.
/// </summary>
[Alias("OrleansKeeper.ISiloService")]
internal interface ISiloService : IGrainService
{
    /// <summary>Is the silo there, and what does it know of the sequencer?</summary>
    /// <param name="asker">Who asks: it follows the feed from now on, if this is the sequencer's silo.</param>
    [Alias("Probe"), ResponseTimeout("00:00:02")]
    Task<ProbeReply> Probe(SiloAddress asker);

    /// <summary>Takes write requests for the sequencer, in order; false when it does not order in that epoch, and then nothing was taken.</summary>
    [Alias("Submit"), ResponseTimeout("00:00:05")]
    Task<bool> Submit(int epoch, [Immutable] Submission submission);

    /// <summary>The commit feed: takes what the sequencer's silo appended.</summary>
    [Alias("Follow"), ResponseTimeout("00:00:05")]
    Task<FeedReply> Follow([Immutable] FeedMessage message);

    /// <summary>
    /// Asks the silo to become the sequencer's, because the one that holds the epoch stops or cannot write. One that stops as well may not answer,
    /// and whoever asks then asks the next one; should two of them claim the epoch, one wins.
    /// </summary>
    /// <returns>Whether it did.</returns>
    [Alias("TakeOver"), ResponseTimeout("00:00:01")]
    Task<bool> TakeOver(int epoch);

    /// <summary>Asks the sequencer's silo to hand over to another, where most writes come from.</summary>
    /// <returns>Whether that is the sequencer's silo now; false also when the one asked does not hold the epoch.</returns>
    [Alias("HandOver"), ResponseTimeout("00:00:10")]
    Task<bool> HandOver(int epoch, SiloAddress to);
}
