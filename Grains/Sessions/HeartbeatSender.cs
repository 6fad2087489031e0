using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Tells the session grains which clients were heard from, twice a tick: one call for all that a client sent since the last one.
/// </summary>
internal sealed partial class HeartbeatSender(
    ClientSessionTable sessions, IGrainFactory grains, IOptions<KeeperOptions> options, TimeProvider time, ILogger<HeartbeatSender> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var period = TimeSpan.FromMilliseconds(options.Value.TickTime / 2.0);
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await SendAsync(period).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task SendAsync(TimeSpan period)
    {
        var calls = new List<Task>();
        foreach (var session in sessions.All)
        {
            // Heard from since the tick before, with one tick to spare for a late timer.
            var elapsed = session.ElapsedSinceHeard;
            if (elapsed <= 2 * period)
                calls.Add(grains.GetGrain<ISessionGrain>(SessionGrainKey.Of(session.SessionId)).Heartbeat(elapsed));
        }

        try
        {
            await Task.WhenAll(calls).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogHeartbeatFailed(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Some heartbeats did not reach their session grain; the next ones will.")]
    private partial void LogHeartbeatFailed(Exception exception);
}
