using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// Whether this silo is the sequencer's, and how it becomes that: it claims the next epoch in the ledger, reads the log to its end, which
/// nobody can move any more then, and begins to order. It may lose the epoch at any time, and learns of that from an append, from the ledger or
/// from a message of the later epoch; whichever comes first ends its ordering. It may win a later one.
/// </summary>
internal sealed partial class Sequencer(
    ITransactionLog log,
    TransactionOrderer orderer,
    LogAppender appender,
    FeedReceiver receiver,
    FeedPublisher publisher,
    FeedLease lease,
    Checkpointer checkpointer,
    Replica replica,
    CommitFeed feed,
    ISilos silos,
    TimeProvider time,
    ILogger<Sequencer> logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _changing = new(1);
    private volatile bool _isHolder;
    private volatile bool _isClaiming;
    private volatile int _epoch;

    /// <summary>Called when this silo has begun to order.</summary>
    public Action? Began { get; set; }

    public bool IsHolder => _isHolder;

    public bool IsHolderOrClaiming => _isHolder || _isClaiming;

    /// <summary>The epoch that this silo claimed last.</summary>
    public int Epoch => _epoch;

    /// <summary>How long ago an append last succeeded.</summary>
    public TimeSpan SinceAppended => time.GetElapsedTime(appender.AppendedAt);

    /// <summary>How long the append takes that is under way; zero when none is.</summary>
    public TimeSpan AppendingFor => appender.AppendingSince is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Claims the epoch behind the expected one and begins it; false when somebody else claimed it.</summary>
    public async Task<bool> TryBeginAsync(int expectedEpoch, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isHolder)
                return _epoch > expectedEpoch;

            _isClaiming = true;
            if (!await log.TryClaimEpochAsync(expectedEpoch, silos.Self.ToParsableString(), cancellationToken).ConfigureAwait(false))
                return false;

            return await BeginAsync(expectedEpoch + 1, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _isClaiming = false;
            _changing.Release();
        }
    }

    /// <summary>A later epoch than this silo's was heard of, or seen in the ledger: it orders nothing more.</summary>
    public void End()
    {
        if (!_isHolder)
            return;

        _isHolder = false;
        LogEnded(_epoch);
        orderer.End();
        appender.Abandon();
        checkpointer.End();
        publisher.End();
        replica.BeginFollowing();
    }

    /// <summary>
    /// Stops to order, in good order: what was taken is appended and sent, then another silo is asked to take over. Returns which did; null when none.
    /// </summary>
    /// <param name="preferred">Who is asked first, if any.</param>
    /// <param name="cancellationToken">There is no time left: the others notice by themselves that nobody orders.</param>
    public async Task<SiloAddress?> HandOverAsync(SiloAddress? preferred, CancellationToken cancellationToken)
    {
        if (!_isHolder)
            return null;

        SiloAddress? successor = null;
        orderer.End();
        try
        {
            await OwnThread.RunAsync(appender.Stop).WaitAsync(cancellationToken).ConfigureAwait(false);
            await feed.WaitUntilDeliveredAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            successor = await HandOverToOneAsync(publisher.MostAdvancedFirst().OrderByDescending(silo => silo.Equals(preferred)), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // In bad order, then.
        }

        End();
        return successor;
    }

    private async Task<SiloAddress?> HandOverToOneAsync(IEnumerable<SiloAddress> others, CancellationToken cancellationToken)
    {
        foreach (var other in others)
        {
            if (await TryHandOverAsync(other, cancellationToken).ConfigureAwait(false))
                return other;
        }

        return null;
    }

    private async Task<bool> TryHandOverAsync(SiloAddress other, CancellationToken cancellationToken)
    {
        try
        {
            if (!await silos.TakeOverAsync(other, _epoch).WaitAsync(cancellationToken).ConfigureAwait(false))
                return false;

            LogHandedOver(_epoch, other);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotHandedOver(_epoch, other, exception.Message);
            return false;
        }
    }

    private async Task<bool> BeginAsync(int epoch, CancellationToken cancellationToken)
    {
        var claimedAt = time.GetTimestamp();
        _epoch = epoch;
        while (!await TryReadToEndAsync(cancellationToken).ConfigureAwait(false))
            await Task.Delay(PauseAfterFailure, time, cancellationToken).ConfigureAwait(false);

        var beginning = new EpochBeginning(epoch, silos.Self, feed.LastZxid);
        await replica.WaitForAsync(beginning.BaseZxid).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!receiver.TryLearn(beginning))
            return false;

        lease.Confirm();
        replica.BeginLeading();
        checkpointer.Begin(epoch);
        appender.Fenced = End;
        appender.EpochUsedUp = GoOnWith;
        appender.Start(epoch, beginning.BaseZxid, silos.Self.ToParsableString());
        orderer.Begin(epoch, beginning.BaseZxid);
        publisher.EpochSeen = EndIfBefore;
        publisher.Begin(beginning);
        _isHolder = true;

        // Somebody may have claimed a later one meanwhile, and a silo that was declared dead has ended what it held before.
        if (receiver.Epoch != beginning || silos.DeclaredDead.IsCancellationRequested)
        {
            End();
            return false;
        }

        receiver.BeginLearned();
        LogBegan(epoch, beginning.BaseZxid, time.GetElapsedTime(claimedAt).TotalMilliseconds);
        Began?.Invoke();
        return true;
    }

    private async Task<bool> TryReadToEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await receiver.CatchUpAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or LogTrimmedException or LogCorruptedException))
        {
            LogNotRead(exception.Message);
            return false;
        }
    }

    /// <summary>The counter of the epoch was used up, and the appender claimed the next one.</summary>
    private void GoOnWith(int epoch, long baseZxid)
    {
        var beginning = new EpochBeginning(epoch, silos.Self, baseZxid);
        _epoch = epoch;
        checkpointer.Begin(epoch);
        receiver.TryLearn(beginning);
        publisher.GoOnWith(beginning);
        receiver.BeginLearned();
    }

    private void EndIfBefore(int epoch)
    {
        if (epoch > _epoch)
            End();
    }

    [LoggerMessage(LogLevel.Information, "Ordering transactions of epoch {Epoch}, behind zxid 0x{BaseZxid:x}; it took {Milliseconds:F0} ms from the claim.")]
    private partial void LogBegan(int epoch, long baseZxid, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "This silo is not the sequencer's any more: epoch {Epoch} is over.")]
    private partial void LogEnded(int epoch);

    [LoggerMessage(LogLevel.Information, "Handed over after epoch {Epoch} to silo {Silo}.")]
    private partial void LogHandedOver(int epoch, SiloAddress silo);

    [LoggerMessage(LogLevel.Warning, "Epoch {Epoch} could not be handed over to silo {Silo}: {Reason}")]
    private partial void LogNotHandedOver(int epoch, SiloAddress silo, string reason);

    [LoggerMessage(LogLevel.Warning, "The log cannot be read to its end yet; it is tried again. {Reason}")]
    private partial void LogNotRead(string reason);
}
