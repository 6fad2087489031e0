using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Clustering;

/// <summary>
/// The receiving side of the commit feed: hands each batch to this silo's replica, in order and once. What it has not got it reads from the
/// log, which is the truth. Epochs only rise: a message of an older one is refused, and a new one begins here when everything before it has
/// come, so that this silo knows then which of its requests were decided (rule R9).
/// </summary>
internal sealed partial class FeedReceiver(
    CommitFeed feed, ITransactionLog log, Replica replica, UndecidedRequests undecided, TimeProvider time, ILogger<FeedReceiver> logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _reading = new(1);
    private EpochBeginning? _epoch;
    private int _begunEpoch;
    private bool _isRecovered;
    private bool _isCatchingUp;
    private long _heardAt;

    /// <summary>The latest epoch that this silo has heard of from its holder; null when there was none yet.</summary>
    public EpochBeginning? Epoch => Volatile.Read(ref _epoch);

    /// <summary>Called when a later epoch is heard of, before anything of it is applied.</summary>
    public Action<EpochBeginning>? EpochLearned { get; set; }

    /// <summary>Called when the log does not reach back to where this silo is: its replica cannot be completed any more.</summary>
    public Action<Exception>? LeftBehind { get; set; }

    /// <summary>How long nothing was heard of the latest epoch's holder.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>This silo's replica is where the log was when it started: it can follow.</summary>
    public void Begin()
    {
        Touch();
        Volatile.Write(ref _isRecovered, true);
    }

    /// <summary>The holder was heard from in another way.</summary>
    public void Touch() => Volatile.Write(ref _heardAt, time.GetTimestamp());

    /// <summary>Takes a message of the feed.</summary>
    public async Task<FeedReply> ReceiveAsync(FeedMessage message)
    {
        if (!Volatile.Read(ref _isRecovered) || !TryLearn(message.Epoch))
            return new FeedReply(false, Epoch?.Epoch ?? 0, feed.LastZxid);

        Touch();
        replica.MarkMoved(message.Mark);
        Reject(message.Rejections);
        BeginLearned();
        if (message.IsIncomplete || feed.LastZxid < message.Epoch.BaseZxid || !TryTake(message.Batches))
            StartCatchingUp();
        await feed.WaitForRoomAsync().ConfigureAwait(false);
        return new FeedReply(true, message.Epoch.Epoch, feed.LastZxid);
    }

    /// <summary>Notes an epoch; false when a later one is known.</summary>
    public bool TryLearn(EpochBeginning epoch)
    {
        lock (_lock)
        {
            if (epoch.Epoch < (_epoch?.Epoch ?? 0))
                return false;
            if (epoch.Epoch == _epoch?.Epoch)
                return true;

            Volatile.Write(ref _epoch, epoch);
        }

        LogLearned(epoch.Epoch, epoch.Holder, epoch.BaseZxid);
        EpochLearned?.Invoke(epoch);
        return true;
    }

    /// <summary>Begins the latest epoch here, if all that was before it has come.</summary>
    public void BeginLearned()
    {
        lock (_lock)
        {
            if (_epoch is not { } epoch || epoch.Epoch == _begunEpoch || feed.LastZxid < epoch.BaseZxid)
                return;

            _begunEpoch = epoch.Epoch;
            feed.Begin(epoch);
        }
    }

    /// <summary>Reads the log to its end.</summary>
    /// <exception cref="LogTrimmedException">The log does not reach back to where this silo is.</exception>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var previous = feed.LastZxid;
            await foreach (var batch in log.ReadAfterAsync(previous, cancellationToken).ConfigureAwait(false))
            {
                feed.TryAdd(previous, batch.LastZxid, TransactionReader.ReadAll(batch.Payload.Span), hasTime: false);
                previous = batch.LastZxid;
                await feed.WaitForRoomAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    private bool TryTake(IReadOnlyList<FeedBatch> batches)
    {
        foreach (var batch in batches)
        {
            if (!feed.TryAdd(batch.PreviousZxid, batch.LastZxid, TransactionReader.ReadAll(batch.Payload.Span), hasTime: true))
                return false;
        }

        return true;
    }

    private void Reject(IReadOnlyList<FeedRejection> rejections)
    {
        foreach (var rejection in rejections)
        {
            if (rejection.Submitter == undecided.Submitter)
                feed.Rejected([new RequestOrigin(rejection.Submitter, rejection.Number)], rejection.Error);
        }
    }

    private void StartCatchingUp()
    {
        lock (_lock)
        {
            if (_isCatchingUp)
                return;

            _isCatchingUp = true;
        }

        _ = Task.Run(CatchUpAndBeginAsync);
    }

    private async Task CatchUpAndBeginAsync()
    {
        try
        {
            await CatchUpAsync(CancellationToken.None).ConfigureAwait(false);
            BeginLearned();
        }
        catch (LogTrimmedException exception)
        {
            LeftBehind?.Invoke(exception);
        }
        catch (Exception exception)
        {
            // The next message begins it again.
            LogNotCaughtUp(feed.LastZxid, exception.Message);
            await Task.Delay(PauseAfterFailure, time).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                _isCatchingUp = false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Epoch {Epoch} begins behind zxid 0x{BaseZxid:x}; silo {Holder} orders.")]
    private partial void LogLearned(int epoch, SiloAddress holder, long baseZxid);

    [LoggerMessage(LogLevel.Warning, "What is missing behind zxid 0x{Zxid:x} could not be read from the log; it is tried again. {Reason}")]
    private partial void LogNotCaughtUp(long zxid, string reason);
}
