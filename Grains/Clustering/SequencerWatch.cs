using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// Sees to it that there is a sequencer. Every silo asks the holder of the latest epoch whether it is there, ten times a second. One that is gone
/// is refused by the network at once; one that hangs is silent. Then the silo claims the next epoch in the ledger, where one of those who try
/// wins. A wrong suspicion costs a moment and never safety (rule R3), but two silos that cannot hear each other must not take turns: silence
/// counts only when the other silos hear nothing of the holder either.
/// </summary>
internal sealed partial class SequencerWatch(
    Sequencer sequencer,
    FeedReceiver receiver,
    FeedPublisher publisher,
    FeedLease lease,
    HolderProbes probes,
    SequencerPlacement placement,
    ISilos silos,
    ITransactionLog log,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<SequencerWatch> logger)
{
    private const long SequencerKey = 0;

    /// <summary>A silo that is further behind, in transactions, would let writes wait for it.</summary>
    private const long MostLag = 10_000;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>This silo itself was paused for so long that it cannot say anything about others' silence.</summary>
    private static readonly TimeSpan OwnPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(200);

    /// <summary>How often the holder makes sure that nobody claimed the ledger, when no append shows it.</summary>
    private static readonly TimeSpan ConfirmPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How often a silo keeps its way to the ledger ready for a claim.</summary>
    private static readonly TimeSpan PreparePeriod = TimeSpan.FromSeconds(2);

    /// <summary>A handover that takes so long is given up, so that whoever is there takes over.</summary>
    private static readonly TimeSpan LongHandover = TimeSpan.FromSeconds(5);

    /// <summary>An append that takes so long cannot reach the database; perhaps another silo can.</summary>
    private static readonly TimeSpan LongAppend = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _handoverLock = new();
    private Task _running = Task.CompletedTask;
    private Task _confirming = Task.CompletedTask;
    private Task _preparing = Task.CompletedTask;
    private Task _yielding = Task.CompletedTask;
    private Task<bool> _handingOver = Task.FromResult(false);
    private long _preparedAt;

    /// <summary>Called after each look, however it ended.</summary>
    public Action? Looked { get; set; }

    /// <summary>Begins to look.</summary>
    public async Task StartAsync()
    {
        // The grain is made now: while a silo hangs, Orleans would make it only when membership has declared that one dead.
        await grains.GetGrain<ISequencerGrain>(SequencerKey).Submit(0, new Submission("", [])).ConfigureAwait(false);
        _running = Task.Run(() => RunAsync(_stopping.Token));
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        Task handingOver;
        lock (_handoverLock)
            handingOver = _handingOver;
        await handingOver.ConfigureAwait(false);
    }

    /// <summary>What this silo knows of the sequencer.</summary>
    public ProbeReply AnswerProbe(SiloAddress asker)
    {
        probes.Note(asker);
        return new ProbeReply(sequencer.IsHolderOrClaiming, receiver.Epoch?.Epoch ?? 0, receiver.Silence);
    }

    /// <summary>Claims the epoch that follows, unless somebody else did; whether this silo is the sequencer's now.</summary>
    public async Task<bool> TryTakeOverAsync(int epoch)
    {
        if (_stopping.IsCancellationRequested)
            return false;

        try
        {
            return await grains.GetGrain<ISequencerGrain>(SequencerKey).Begin(epoch).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotTakenOver(epoch + 1, exception.Message);
            return false;
        }
    }

    /// <summary>Hands over to another silo that asks for it; whether that is the sequencer's now.</summary>
    public Task<bool> TryHandOverAsync(int epoch, SiloAddress to)
    {
        lock (_handoverLock)
        {
            if (_stopping.IsCancellationRequested || !_handingOver.IsCompleted || sequencer.Epoch != epoch || publisher.LagOf(to) is not <= MostLag)
                return Task.FromResult(false);

            return _handingOver = HandOverAsync(to);
        }
    }

    private async Task<bool> HandOverAsync(SiloAddress to)
    {
        using var patience = new CancellationTokenSource(LongHandover, time);
        return await sequencer.HandOverAsync(to, patience.Token).ConfigureAwait(false) is { } silo && silo.Equals(to);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var pause = Period;
            try
            {
                await LookAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception.Message);
                pause = PauseAfterFailure;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Looked?.Invoke();
            await probes.WaitForNewsAsync(pause, cancellationToken).ConfigureAwait(false);
            if (time.GetElapsedTime(started) > Period + OwnPause)
                receiver.Touch();
        }
    }

    private Task LookAsync(CancellationToken cancellationToken)
    {
        if (sequencer.IsHolder)
        {
            HoldOn();
            return Task.CompletedTask;
        }

        // Another silo asked this one to take over.
        if (sequencer.IsHolderOrClaiming)
            return Task.CompletedTask;

        KeepReady(cancellationToken);
        return FollowAsync(cancellationToken);
    }

    private void HoldOn()
    {
        publisher.SetFollowers(probes.Followers(silos.Others));
        if (sequencer.SinceAppended < ConfirmPeriod)
            lease.Confirm();
        else if (lease.SinceConfirmed > ConfirmPeriod && _confirming.IsCompleted)
            _confirming = ConfirmAsync();
        if (sequencer.AppendingFor > LongAppend && _yielding.IsCompleted)
            _yielding = YieldAsync(sequencer.Epoch);
    }

    private async Task ConfirmAsync()
    {
        try
        {
            var ledger = await log.ReadLedgerAsync(_stopping.Token).ConfigureAwait(false);
            if (ledger.Epoch == sequencer.Epoch)
                lease.Confirm();
            else
                sequencer.End();
        }
        catch (Exception exception)
        {
            LogFailed(exception.Message);
        }
    }

    /// <summary>This silo cannot write: perhaps another one can.</summary>
    private async Task YieldAsync(int epoch)
    {
        foreach (var other in silos.Others)
        {
            try
            {
                if (await silos.TakeOverAsync(other, epoch).ConfigureAwait(false))
                    return;
            }
            catch (Exception exception)
            {
                LogFailed(exception.Message);
            }
        }

        await Task.Delay(PauseAfterFailure, time).ConfigureAwait(false);
    }

    private void KeepReady(CancellationToken cancellationToken)
    {
        if (!_preparing.IsCompleted || time.GetElapsedTime(_preparedAt) < PreparePeriod)
            return;

        _preparedAt = time.GetTimestamp();
        _preparing = log.PrepareToClaimAsync(cancellationToken).AsTask();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var (epoch, holder) = receiver.Epoch is { } known ? (known.Epoch, known.Holder) : (0, null);
        if (holder is null || probes.HasLostTrack)
        {
            // The ledger says who it is, also when its first message has not come yet.
            var ledger = await log.ReadLedgerAsync(cancellationToken).ConfigureAwait(false);
            probes.HasLostTrack = false;
            if (ledger.Epoch > epoch)
                (epoch, holder) = (ledger.Epoch, Parse(ledger.Holder));
            else if (ledger.Epoch == probes.DeniedEpoch)
                holder = null;
        }

        if (holder is null || holder.Equals(silos.Self) || !silos.IsAlive(holder))
        {
            LogNobody(epoch);
            await TakeOverOrAskAsync(epoch).ConfigureAwait(false);
            return;
        }

        probes.Probe(epoch, holder);
        if (probes.IsRefused || await probes.IsSilentToAllAsync().ConfigureAwait(false))
        {
            LogLost(holder, probes.IsRefused ? "is gone" : "is silent");
            await TakeOverOrAskAsync(epoch).ConfigureAwait(false);
            return;
        }

        placement.Look(epoch, holder);
    }

    private async Task TakeOverOrAskAsync(int epoch)
    {
        probes.Forget();
        if (!await TryTakeOverAsync(epoch).ConfigureAwait(false))
            probes.HasLostTrack = true;
    }

    private static SiloAddress? Parse(string holder)
    {
        try
        {
            return holder.Length == 0 ? null : SiloAddress.FromParsableString(holder);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Nobody holds epoch {Epoch} any more.")]
    private partial void LogNobody(int epoch);

    [LoggerMessage(LogLevel.Warning, "The sequencer's silo {Holder} {What}: taking over.")]
    private partial void LogLost(SiloAddress holder, string what);

    [LoggerMessage(LogLevel.Warning, "Epoch {Epoch} could not be begun: {Reason}")]
    private partial void LogNotTakenOver(int epoch, string reason);

    [LoggerMessage(LogLevel.Warning, "Looking after the sequencer failed; it is tried again. {Reason}")]
    private partial void LogFailed(string reason);
}
