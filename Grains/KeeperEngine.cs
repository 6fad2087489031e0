using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains;

/// <summary>
/// Starts and stops the service in a silo: brings the replica to where the log ends, follows the sequencer or becomes it, serves clients while
/// it may, and hands over what it holds when the silo stops.
/// </summary>
internal sealed partial class KeeperEngine(
    ITransactionLog log,
    IZNodeStore store,
    Replica replica,
    LogAppender appender,
    CommitFeed feed,
    SubmitQueue submitQueue,
    UndecidedRequests undecided,
    Sequencer sequencer,
    SequencerWatch watch,
    FeedReceiver receiver,
    FeedLease lease,
    ClientSessionTable sessions,
    OpenSessionTracker tracker,
    ISilos silos,
    IHostApplicationLifetime application,
    IOptions<KeeperOptions> options,
    TimeProvider time,
    ILogger<KeeperEngine> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int MostRecoveries = 3;

    private readonly Lock _looking = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isServing;
    private volatile bool _isStopping;
    private int _others;

    /// <summary>Whether the replica is complete and kept up to date, and writes are ordered somewhere.</summary>
    public bool IsServing => _isServing;

    private bool IsDeclaredDead => silos.DeclaredDead.IsCancellationRequested;

    /// <summary>Takes part in the silo's life: recovered before grains are called, begun when they can be.</summary>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(KeeperEngine) + ".Recover", ServiceLifecycleStage.ApplicationServices, RecoverAsync, _ => Task.CompletedTask);
        lifecycle.Subscribe(nameof(KeeperEngine) + ".Begin", ServiceLifecycleStage.Active, BeginAsync, StopAsync);
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        replica.BeginFollowing();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await RecoverOnceAsync(cancellationToken);
                break;
            }
            catch (LogTrimmedException) when (attempt < MostRecoveries)
            {
                // A checkpoint of the sequencer's came in between: its mark is further by now.
            }
        }

        feed.Begun = Begin;
        feed.Delivered = submitQueue.OnDecided;
        feed.Start(replica.Watermark, appender.Recycle);
        appender.CaughtUp = tracker.Start;
        sequencer.Began = () => tracker.Start(replica.Watermark);
        receiver.LeftBehind = EndProcess;
        receiver.EpochLearned = epoch =>
        {
            if (!epoch.Holder.Equals(silos.Self))
                sequencer.End();
        };
        receiver.Begin();
    }

    private async Task RecoverOnceAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var marks = await store.ReadMarksAsync(cancellationToken);
        replica.Begin(
            marks,
            await store.ReadSessionsAsync(cancellationToken),
            await store.ReadEphemeralsAsync(cancellationToken),
            await store.ReadContainersAsync(cancellationToken),
            options.Value.CacheBytes);
        var replayed = await ReplayAsync(marks.Mark, cancellationToken);
        LogRecovered(replica.Watermark, replica.ZNodeCount, replica.SessionCount, replayed, time.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task<long> ReplayAsync(long mark, CancellationToken cancellationToken)
    {
        var round = new DeliveryRound();
        var replayed = 0L;
        await foreach (var batch in log.ReadAfterAsync(mark, cancellationToken))
        {
            var transactions = TransactionReader.ReadAll(batch.Payload.Span);
            foreach (var transaction in transactions)
                replica.Apply(transaction, round);
            replayed += transactions.Count;
        }

        return replayed;
    }

    /// <summary>Returns when clients can be served, so that the silo does not listen for them before.</summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        silos.DeclaredDead.Register(EndServing);
        watch.Looked = Look;
        await watch.StartAsync();
        await _begun.Task.WaitAsync(cancellationToken);
        Look();
    }

    /// <summary>An epoch begins here: writes that wait are submitted to its sequencer.</summary>
    private void Begin(EpochBeginning epoch)
    {
        submitQueue.Begin(epoch);
        _begun.TrySetResult();
    }

    private void Look()
    {
        lock (_looking)
        {
            var serves = _begun.Task.IsCompleted && !_isStopping && !IsDeclaredDead && lease.IsValid(sequencer.IsHolder);
            if (serves != _isServing)
                SetServing(serves);

            var others = silos.Others.Count;
            if (others < _others && sequencer.IsHolder)
                tracker.Start(replica.Watermark);
            _others = others;
        }
    }

    /// <summary>
    /// Membership has declared this silo dead. Orleans ends the process for that, but only after two seconds, in which clients and the other
    /// silos would have to do with a silo that nobody counts on.
    /// </summary>
    private void EndServing()
    {
        if (_isStopping)
            return;

        LogDeclaredDead();
        Look();
        watch.StopAsync().Ignore();
        sequencer.End();
    }

    private void SetServing(bool serves)
    {
        _isServing = serves;
        if (serves)
        {
            LogServing(receiver.Epoch?.Epoch ?? 0);
            return;
        }

        if (!_isStopping && !IsDeclaredDead)
            LogLeaseOver(options.Value.FeedLease);
        sessions.CloseAll();
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        // Whatever was ordered becomes durable and is delivered before the files are closed, unless there is no time for that.
        await watch.StopAsync();
        if (!cancellationToken.IsCancellationRequested)
            await sequencer.HandOverAsync(preferred: null, cancellationToken);
        sequencer.End();
        _isStopping = true;
        _isServing = false;
        await tracker.DisposeAsync();
        appender.Dispose();
        feed.Dispose();

        // What is undecided now nobody decides here. A session's grain that waited for it would keep the silo from stopping.
        sessions.CloseAll();
        undecided.Abandon();
    }

    private void EndProcess(Exception reason)
    {
        LogLeftBehind(reason);
        application.StopApplication();
    }

    [LoggerMessage(LogLevel.Information,
        "Recovered to zxid 0x{Zxid:x}: {ZNodes} znodes, {Sessions} sessions, {Replayed} transactions replayed from the log, in {Milliseconds:F0} ms.")]
    private partial void LogRecovered(long zxid, long znodes, int sessions, long replayed, double milliseconds);

    [LoggerMessage(LogLevel.Information, "Serving clients, in epoch {Epoch}.")]
    private partial void LogServing(int epoch);

    [LoggerMessage(LogLevel.Error,
        "Nothing was heard of the sequencer for {Lease} ms (Keeper:FeedLease): connections are closed, and none is accepted until it is heard again.")]
    private partial void LogLeaseOver(int lease);

    [LoggerMessage(LogLevel.Error,
        "Membership has declared this silo dead: connections are closed, none is accepted, and the process ends. Started again it serves.")]
    private partial void LogDeclaredDead();

    [LoggerMessage(LogLevel.Critical, "This silo is so far behind that the log does not reach back to it. It ends; started again it reads the tables.")]
    private partial void LogLeftBehind(Exception reason);
}
