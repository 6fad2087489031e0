using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Tells the session grains which clients were heard from, twice a tick: one call for all that a client sent since the last one. A grain that does
/// not answer, because its silo hangs, delays the heartbeats of no other session.
/// </summary>
internal sealed partial class HeartbeatSender(
    ClientSessionTable sessions, IGrainFactory grains, IOptions<KeeperOptions> options, TimeProvider time, ILogger<HeartbeatSender> logger)
    : BackgroundService
{
    private int _failures;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.TickTime / 2.0), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                SendAll();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void SendAll()
    {
        if (Interlocked.Exchange(ref _failures, 0) is var failures and not 0)
            LogNotReached(failures);
        foreach (var session in sessions.All)
        {
            if (session.Heartbeat.IsDue)
                _ = SendAsync(session);
        }
    }

    private async Task SendAsync(ClientSession session)
    {
        try
        {
            await session.Heartbeat.TellAsync(grains.GetGrain<ISessionGrain>(SessionGrainKey.Of(session.SessionId))).ConfigureAwait(false);
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} heartbeats did not reach their session's grain; they are sent again.")]
    private partial void LogNotReached(int count);
}
