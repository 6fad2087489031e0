using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// Brings the sequencer to the silo that most writes come to, where they need no messages to be ordered and answered. Every silo counts its
/// own and knows from the zxids how many there are; one whose share has been large enough for long enough asks the holder to hand over. The
/// share is so large that no other silo takes the sequencer back before it has twice as many writes as all the rest.
/// </summary>
internal sealed partial class SequencerPlacement(
    UndecidedRequests undecided, Replica replica, ISilos silos, IOptions<KeeperOptions> options, TimeProvider time, ILogger<SequencerPlacement> logger)
{
    /// <summary>So many spans in a row most writes have to come here: one may be a single client's burst.</summary>
    private const int SpansThatCount = 2;

    /// <summary>Fewer than that gain nothing worth the pause of a handover.</summary>
    private const int FewestWritesInSecond = 100;

    private const double LeastShare = 2.0 / 3;

    private Task _asking = Task.CompletedTask;
    private int _epoch;
    private long _spanBeganAt;
    private long _ownBefore;
    private long _allBefore;
    private int _spans;

    private TimeSpan Span => TimeSpan.FromMilliseconds(options.Value.SequencerMovesAfter) / SpansThatCount;

    /// <summary>Looks whether the sequencer of another silo would be better here, and asks for it then, without waiting for the answer.</summary>
    public void Look(int epoch, SiloAddress holder)
    {
        if (Span == TimeSpan.Zero || !_asking.IsCompleted)
            return;

        if (epoch != _epoch)
        {
            (_epoch, _spans) = (epoch, 0);
            BeginSpan();
        }
        else if (time.GetElapsedTime(_spanBeganAt) >= Span)
        {
            _spans = IsShareLarge() ? _spans + 1 : 0;
            BeginSpan();
            if (_spans == SpansThatCount)
            {
                _spans = 0;
                _asking = AskAsync(epoch, holder);
            }
        }
    }

    private void BeginSpan() => (_spanBeganAt, _ownBefore, _allBefore) = (time.GetTimestamp(), undecided.LastNumber, CountAll());

    private bool IsShareLarge()
    {
        var own = undecided.LastNumber - _ownBefore;
        return own >= FewestWritesInSecond * time.GetElapsedTime(_spanBeganAt).TotalSeconds && own >= LeastShare * (CountAll() - _allBefore);
    }

    /// <summary>The number of the epoch's transactions up to now.</summary>
    private long CountAll() => replica.Watermark is var zxid && Zxid.EpochOf(zxid) == _epoch ? Zxid.CounterOf(zxid) : 0;

    private async Task AskAsync(int epoch, SiloAddress holder)
    {
        LogAsking(LeastShare, options.Value.SequencerMovesAfter, holder);
        try
        {
            if (!await silos.HandOverAsync(holder, epoch, silos.Self).ConfigureAwait(false))
                LogNotHandedOver(holder, "It says no.");
        }
        catch (Exception exception)
        {
            LogNotHandedOver(holder, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "More than {Share:P0} of all writes came to this silo for {Milliseconds} ms (Keeper:SequencerMovesAfter): silo {Holder} is asked for the sequencer.")]
    private partial void LogAsking(double share, int milliseconds, SiloAddress holder);

    [LoggerMessage(LogLevel.Warning, "Silo {Holder} did not hand over the sequencer. {Reason}")]
    private partial void LogNotHandedOver(SiloAddress holder, string reason);
}
