using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// Appends what was ordered to the log, in a loop on a thread of its own that may block: take everything there is (<see cref="BatchQueue"/>),
/// append it as one batch, publish, repeat. A batch that cannot be appended is rejected together with everything ordered behind it, since that
/// was validated against what now did not happen. A batch of which it is in doubt is rejected with <see cref="ErrorCode.ConnectionLoss"/>, which
/// tells a client to find out; should it be in the log after all, it is published before anything else is appended.
/// </summary>
internal sealed partial class LogAppender(
    ITransactionLog log, IDecisionSink sink, IAppendPressure pressure, TimeProvider time, ILogger<LogAppender> logger) : IDisposable
{
    /// <summary>
    /// So few are delivered sooner here than another thread wakes up, and what arrives meanwhile makes one larger batch instead of two.
    /// </summary>
    private const int MostToDeliverOnThisThread = 128;

    private readonly BatchQueue _batches = new(time);
    private readonly TimeSpan _retryPause = TimeSpan.FromMilliseconds(100);
    private Thread? _thread;
    private int _epoch;
    private long _lastZxid;
    private string _holder = "";
    private long _appendedAt;
    private long _appendingSince;

    /// <summary>
    /// Called when nothing behind a zxid was or will be appended. Whoever orders stops ordering, calls the given action, which takes
    /// back all that is not durable, and goes on from that zxid.
    /// </summary>
    public Action<long, Action>? RollingBack { get; set; }

    /// <summary>Called when another sequencer took over: nothing more is ordered here.</summary>
    public Action? Fenced { get; set; }

    /// <summary>
    /// Called when a batch that was in doubt turned out to be in the log, with the last zxid that was published then.
    /// </summary>
    public Action<long>? CaughtUp { get; set; }

    /// <summary>Called when the epoch's counter was used up and the next one is claimed, with that and the last zxid before it.</summary>
    public Action<int, long>? EpochUsedUp { get; set; }

    /// <summary>When an append last succeeded, as a timestamp; 0 when none did.</summary>
    public long AppendedAt => Volatile.Read(ref _appendedAt);

    /// <summary>Since when an append is under way, as a timestamp; 0 when none is.</summary>
    public long AppendingSince => Volatile.Read(ref _appendingSince);

    /// <summary>Whether the last append failed: the disk is full or broken, or the database is away.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Begins to append for an epoch that this silo has claimed, the first one or another after one that it lost.</summary>
    public void Start(int epoch, long lastZxid, string holder)
    {
        Stop();
        _batches.Begin();
        IsFailing = false;
        _epoch = epoch;
        _lastZxid = lastZxid;
        _holder = holder;
        _thread = new Thread(Run) { IsBackground = true, Name = "Log appender" };
        _thread.Start();
    }

    /// <summary>Adds the next transaction of the order to the batch that fills.</summary>
    public void Add(Transaction transaction) => _batches.Add(transaction);

    /// <summary>Wakes the appender; see <see cref="BatchQueue.Signal"/>.</summary>
    public void Signal() => _batches.Signal();

    /// <summary>Takes back a batch whose transactions are applied.</summary>
    public void Recycle(OrderedBatch batch) => _batches.Recycle(batch);

    /// <summary>The epoch is lost: what was ordered is left to whoever holds a later one, since nobody here knows what is in the log.</summary>
    public void Abandon() => _batches.Abandon();

    /// <summary>Appends what was ordered so far, and stops.</summary>
    public void Stop()
    {
        _batches.Complete();
        _thread?.Join();
        _thread = null;
    }

    public void Dispose() => Stop();

    private void Run()
    {
        while (_batches.Take() is { } batch)
        {
            var claim = ClaimEpochOf(batch, out var claimFailure);
            if (claim == AppendOutcome.Fenced)
            {
                LogFenced(_epoch);
                Fenced?.Invoke();
                return;
            }

            if (claim == AppendOutcome.Failed)
            {
                Reject(batch, claimFailure);
                continue;
            }

            if (!pressure.WaitForRoom())
            {
                Reject(batch, new IOException("Changes cannot be checkpointed, and memory holds as many of them as it may."));
                continue;
            }

            Volatile.Write(ref _appendingSince, time.GetTimestamp());
            var outcome = log.Append(_epoch, _lastZxid, new LogBatch(batch.FirstZxid, batch.LastZxid, batch.Payload), out var failure);
            Volatile.Write(ref _appendingSince, 0);
            if (_batches.IsAbandoned)
                return;

            switch (outcome)
            {
                case AppendOutcome.Appended:
                    Publish(batch);
                    break;
                case AppendOutcome.Fenced:
                    LogFenced(_epoch);
                    Fenced?.Invoke();
                    return;
                case AppendOutcome.InDoubt:
                    Reject(batch, failure, ErrorCode.ConnectionLoss);
                    break;
                case AppendOutcome.Behind:
                    Reject(batch, CatchUp());
                    break;
                default:
                    Reject(batch, failure);
                    break;
            }
        }
    }

    /// <summary>Claims the next epoch when the counter of this one is used up; see <see cref="TransactionOrderer"/>.</summary>
    private AppendOutcome ClaimEpochOf(OrderedBatch batch, out Exception? failure)
    {
        failure = null;
        if (batch.Epoch == _epoch)
            return AppendOutcome.Appended;

        try
        {
            // This thread may block, and nobody else claims meanwhile unless this silo is to be fenced anyway.
            if (!log.TryClaimEpochAsync(_epoch, _holder).AsTask().GetAwaiter().GetResult())
                return AppendOutcome.Fenced;
        }
        catch (Exception exception)
        {
            failure = exception;
            return AppendOutcome.Failed;
        }

        LogNextEpoch(_epoch, batch.Epoch);
        _epoch = batch.Epoch;
        EpochUsedUp?.Invoke(_epoch, _lastZxid);
        return AppendOutcome.Appended;
    }

    private void Publish(OrderedBatch batch)
    {
        if (IsFailing)
            LogRecovered();
        IsFailing = false;
        batch.PreviousZxid = _lastZxid;
        _lastZxid = batch.LastZxid;
        Volatile.Write(ref _appendedAt, time.GetTimestamp());
        var hasTime = batch.Transactions.Count <= MostToDeliverOnThisThread || _batches.IsEmpty;
        sink.Committed(batch, hasTime);
    }

    /// <summary>
    /// Publishes what the log holds behind the last batch that is known here: one whose requests were told that nobody knows. Returns
    /// why that could not be read to the end, if so; then it is tried again before the next append.
    /// </summary>
    private Exception? CatchUp()
    {
        try
        {
            foreach (var missed in log.ReadAfterAsync(_lastZxid).ToBlockingEnumerable())
                Publish(Decode(missed));
        }
        catch (Exception exception)
        {
            return exception;
        }

        LogCaughtUp(_lastZxid);
        CaughtUp?.Invoke(_lastZxid);
        return null;
    }

    private OrderedBatch Decode(in LogBatch logged)
    {
        var batch = _batches.Rent();
        foreach (var transaction in TransactionReader.ReadAll(logged.Payload.Span))
            batch.Add(transaction);
        return batch;
    }

    /// <summary>
    /// Answers the batch's requests with the error, and everything ordered behind, which was never sent to the log, with
    /// <see cref="ErrorCode.SystemError"/>.
    /// </summary>
    private void Reject(OrderedBatch batch, Exception? failure, ErrorCode error = ErrorCode.SystemError)
    {
        if (!IsFailing)
            LogFailing(failure);
        IsFailing = true;

        var behind = new List<RequestOrigin>();
        RollingBack?.Invoke(_lastZxid, () => _batches.TakeBack(behind));
        sink.Rejected(batch.Transactions.ConvertAll(transaction => transaction.Origin), error);
        sink.Rejected(behind, ErrorCode.SystemError);
        Thread.Sleep(_retryPause);
    }

    [LoggerMessage(LogLevel.Critical, "The log cannot be written. Writes fail until it can be; reads go on.")]
    private partial void LogFailing(Exception? exception);

    [LoggerMessage(LogLevel.Warning, "The log can be written again. Writes succeed again.")]
    private partial void LogRecovered();

    [LoggerMessage(LogLevel.Warning,
        "The log holds a batch that was in doubt while it could not be written. It is applied now, up to zxid 0x{Zxid:x}.")]
    private partial void LogCaughtUp(long zxid);

    [LoggerMessage(LogLevel.Critical, "Another sequencer took over from epoch {Epoch}. This one orders nothing more.")]
    private partial void LogFenced(int epoch);

    [LoggerMessage(LogLevel.Information, "The transactions of epoch {Epoch} are used up; epoch {Next} begins.")]
    private partial void LogNextEpoch(int epoch, int next);
}
