using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// Writes what changed to the tables, in the background, and then trims the log behind. Begins when the interval is over or when enough
/// transactions came together, so that a restart never has much to replay and memory never holds much that is not in the store.
/// </summary>
internal sealed partial class Checkpointer(
    Replica replica,
    IZNodeStore store,
    ITransactionLog log,
    FeedPublisher publisher,
    IOptions<KeeperOptions> options,
    TimeProvider time,
    ILogger<Checkpointer> logger) : BackgroundService
{
    private const int RowsPerWrite = 4096;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceWithSlowSilos = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private int _epoch;
    private long _checkedAt = time.GetTimestamp();

    /// <summary>Whether the last checkpoint failed.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Number of checkpoints that were completed.</summary>
    public long Completed { get; private set; }

    /// <summary>This silo writes checkpoints from now on, for an epoch that it claimed.</summary>
    public void Begin(int epoch) => _epoch = epoch;

    /// <summary>Another silo writes them from now on.</summary>
    public void End() => _epoch = 0;

    /// <summary>Writes a checkpoint now.</summary>
    public async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _checkedAt = time.GetTimestamp();
            if (_epoch is var epoch and > 0 && replica.Watermark > replica.Mark)
                await WriteAsync(epoch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (IsDue())
                    await TryCheckpointAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private bool IsDue()
    {
        var behind = replica.Watermark - replica.Mark;
        return _epoch > 0
            && behind > 0
            && (behind >= options.Value.CheckpointTransactions
                || replica.ChangedBytes >= options.Value.CheckpointBytes
                || time.GetElapsedTime(_checkedAt).TotalMilliseconds >= options.Value.CheckpointInterval);
    }

    private async Task TryCheckpointAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckpointAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
            await Task.Delay(PauseAfterFailure, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(int epoch, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var content = replica.TakeCheckpoint();
        try
        {
            await store.BeginCheckpointAsync(epoch, content.Target, cancellationToken).ConfigureAwait(false);
            var rows = CheckpointRows.Of(content);
            for (var start = 0; start < rows.Count; start += RowsPerWrite)
            {
                var some = rows.Slice(start, Math.Min(RowsPerWrite, rows.Count - start));
                await store.WriteZNodesAsync(epoch, some, cancellationToken).ConfigureAwait(false);
            }

            await store.WriteSessionsAsync(epoch, content.Sessions, cancellationToken).ConfigureAwait(false);
            await store.CompleteCheckpointAsync(epoch, content.Target, content.ZNodeCount, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            IsFailing = true;
            replica.CheckpointFailed(content);
            throw;
        }

        IsFailing = false;
        replica.CheckpointCompleted(content);
        Completed++;
        var trimPoint = await FindTrimPointAsync(content.Target, cancellationToken).ConfigureAwait(false);

        // A silo that follows slowly can go on; one that is silent for longer than that reads the tables anew.
        trimPoint = Math.Min(trimPoint, publisher.SlowestZxid(PatienceWithSlowSilos) ?? trimPoint);
        await log.TrimAsync(trimPoint, cancellationToken).ConfigureAwait(false);
        LogCompleted(content.Target, content.Places.Count, time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>
    /// Up to where the log is not kept: so many transactions behind the checkpoint as are to be retained. Counters say how many there are within an
    /// epoch, so the epochs before are passed through one by one: clients that come back after restarts still hear what they missed.
    /// </summary>
    private async ValueTask<long> FindTrimPointAsync(long target, CancellationToken cancellationToken)
    {
        var last = target;
        for (var retained = options.Value.LogRetention; last > 0; last = await log.ReadLastBeforeAsync(Zxid.EpochOf(last), cancellationToken).ConfigureAwait(false))
        {
            var counter = Zxid.CounterOf(last);
            if (counter >= retained)
                return last - retained;

            retained -= counter;
        }

        return 0;
    }

    [LoggerMessage(LogLevel.Debug, "Checkpoint at zxid 0x{Target:x}: {Count} znodes in {Milliseconds:F0} ms.")]
    private partial void LogCompleted(long target, int count, double milliseconds);

    [LoggerMessage(LogLevel.Error, "A checkpoint failed; what it was to write is kept in memory and in the log for the next one.")]
    private partial void LogFailed(Exception exception);
}
