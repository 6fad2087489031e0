using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains;

/// <summary>
/// Starts and stops the service in a silo: brings the replica to where the log ends, has the sequencer begin, and has the open sessions'
/// grains track them again with a full timeout, since nobody could be heard while the service was down.
/// </summary>
internal sealed partial class KeeperEngine(
    ITransactionLog log,
    IZNodeStore store,
    Replica replica,
    LogAppender appender,
    CommitFeed feed,
    IGrainFactory grains,
    IOptions<KeeperOptions> options,
    TimeProvider time,
    ILogger<KeeperEngine> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private const int SessionsTrackedAtOnce = 16;

    private readonly CancellationTokenSource _stopping = new();
    private Task _tracking = Task.CompletedTask;

    /// <summary>Whether the replica is complete and writes are ordered.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Takes part in the silo's life: recovered before grains are called, begun when they can be.</summary>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(KeeperEngine) + ".Recover", ServiceLifecycleStage.ApplicationServices, RecoverAsync, _ => Task.CompletedTask);
        lifecycle.Subscribe(nameof(KeeperEngine) + ".Begin", ServiceLifecycleStage.Active, BeginAsync, StopAsync);
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
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
            replayed += Replay(batch, round);
        return replayed;
    }

    private long Replay(in LogBatch batch, DeliveryRound round)
    {
        var replayed = 0L;
        var reader = new TransactionReader(batch.Payload.Span);
        while (reader.Read() is { } transaction)
        {
            replica.Apply(transaction, round);
            replayed++;
        }

        return replayed;
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var epoch = await grains.GetGrain<ISequencerGrain>(0).Begin();
        appender.CaughtUp = zxid => _tracking = TrackOpenSessionsAsync(zxid, _stopping.Token);
        IsServing = true;
        LogServing(epoch);

        // Clients that come back meanwhile are served; however many sessions there are, nobody waits for this.
        _tracking = TrackOpenSessionsAsync(replica.Watermark, _stopping.Token);
    }

    /// <summary>Has all sessions watched over that are open at a zxid, also those that nobody here opened.</summary>
    private async Task TrackOpenSessionsAsync(long zxid, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = SessionsTrackedAtOnce, CancellationToken = cancellationToken };
        try
        {
            await replica.WaitForAsync(zxid).WaitAsync(cancellationToken).ConfigureAwait(false);
            await Parallel.ForEachAsync(replica.Sessions, options, (session, _) => TrackAsync(session)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotTracked(exception);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async ValueTask TrackAsync(SessionRecord session)
    {
        if (replica.FindSession(session.SessionId) is null)
            return;

        var descriptor = new SessionDescriptor { TimeoutMilliseconds = session.TimeoutMilliseconds, AttachedAt = time.GetUtcNow() };
        await grains.GetGrain<ISessionGrain>(SessionGrainKey.Of(session.SessionId)).Track(descriptor).ConfigureAwait(false);
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _tracking;

        // Whatever was ordered becomes durable and is delivered before the files are closed.
        IsServing = false;
        appender.Dispose();
        feed.Dispose();
    }

    [LoggerMessage(LogLevel.Information,
        "Recovered to zxid 0x{Zxid:x}: {ZNodes} znodes, {Sessions} sessions, {Replayed} transactions replayed from the log, in {Milliseconds:F0} ms.")]
    private partial void LogRecovered(long zxid, long znodes, int sessions, long replayed, double milliseconds);

    [LoggerMessage(LogLevel.Error, "Some open sessions are not watched over: they do not expire before their client attaches or the server restarts.")]
    private partial void LogNotTracked(Exception exception);

    [LoggerMessage(LogLevel.Information, "Ordering transactions of epoch {Epoch}.")]
    private partial void LogServing(int epoch);
}
