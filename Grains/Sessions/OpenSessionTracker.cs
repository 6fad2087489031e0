using Microsoft.Extensions.Logging;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Has the grains of all open sessions watch over them, with a full timeout: when an epoch begins and after a silo's death, since nobody could be
/// heard meanwhile, and a session whose grain and client died together would have nobody else to end it. As ZooKeeper does after an election.
/// </summary>
internal sealed partial class OpenSessionTracker(Replica replica, IGrainFactory grains, TimeProvider time, ILogger<OpenSessionTracker> logger)
    : IAsyncDisposable
{
    private const int SessionsTrackedAtOnce = 16;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private Task _tracking = Task.CompletedTask;
    private bool _isTracking;
    private bool _again;

    /// <summary>Begins, or begins anew behind the round that is under way. However many sessions there are, nobody waits for this.</summary>
    public void Start(long zxid)
    {
        lock (_lock)
        {
            _again = true;
            if (_isTracking)
                return;

            _isTracking = true;
            _tracking = Task.Run(() => TrackAllAsync(zxid));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _tracking.ConfigureAwait(false);
    }

    private async Task TrackAllAsync(long zxid)
    {
        try
        {
            await replica.WaitForAsync(zxid).WaitAsync(_stopping.Token).ConfigureAwait(false);
            while (TakeRound())
            {
                if (!await TryTrackAllAsync().ConfigureAwait(false))
                    await Task.Delay(PauseAfterFailure, time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private bool TakeRound()
    {
        lock (_lock)
        {
            _isTracking = _again;
            _again = false;
            return _isTracking;
        }
    }

    private async Task<bool> TryTrackAllAsync()
    {
        var failures = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = SessionsTrackedAtOnce, CancellationToken = _stopping.Token };
        await Parallel.ForEachAsync(replica.Sessions, options, async (session, _) =>
        {
            if (!await TryTrackAsync(session).ConfigureAwait(false))
                Interlocked.Increment(ref failures);
        }).ConfigureAwait(false);
        if (failures == 0)
            return true;

        LogNotTracked(failures);
        lock (_lock)
            _again = true;
        return false;
    }

    private async ValueTask<bool> TryTrackAsync(SessionRecord session)
    {
        if (replica.FindSession(session.SessionId) is null)
            return true;

        try
        {
            await grains.GetGrain<ISessionGrain>(SessionGrainKey.Of(session.SessionId)).Extend().ConfigureAwait(false);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} open sessions are not watched over yet; it is tried again.")]
    private partial void LogNotTracked(int count);
}
