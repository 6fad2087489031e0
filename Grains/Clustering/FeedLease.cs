using Microsoft.Extensions.Options;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// For how long this silo may serve: as long as it hears of the sequencer's silo, or is that itself and knows that nobody took over. A silo
/// that is cut off would go on showing what was; its clients find another one instead.
/// </summary>
internal sealed class FeedLease(
    FeedReceiver receiver, FeedPublisher publisher, ISilos silos, IOptions<KeeperOptions> options, TimeProvider time)
{
    private long _confirmedAt = time.GetTimestamp();

    private TimeSpan Length => TimeSpan.FromMilliseconds(options.Value.FeedLease);

    /// <summary>How long ago this silo last knew for certain that its epoch was the latest.</summary>
    public TimeSpan SinceConfirmed => time.GetElapsedTime(Volatile.Read(ref _confirmedAt));

    /// <summary>The ledger says, or an append has shown, that this silo's epoch is the latest.</summary>
    public void Confirm() => Volatile.Write(ref _confirmedAt, time.GetTimestamp());

    /// <summary>Whether this silo may serve.</summary>
    /// <param name="isHolder">Whether it is the sequencer's.</param>
    public bool IsValid(bool isHolder)
    {
        if (!isHolder)
            return receiver.Silence < Length;
        if (SinceConfirmed < Length)
            return true;

        // The ledger is out of reach; then nobody can have claimed it whom half of the others follow.
        var others = silos.Others.Count;
        return publisher.CountFollowing(Length) >= (others + 1) / 2;
    }
}
