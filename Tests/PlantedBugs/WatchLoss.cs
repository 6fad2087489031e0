using Microsoft.Extensions.Hosting;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>Against rule R6: every now and then a session of this silo loses one of its watches, and is not told of the next change.</summary>
internal sealed class WatchLoss(ClientSessionTable sessions, Replica replica, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var all = sessions.All.ToArray();
            if (all.Length > 0)
                LoseOne(all[Random.Shared.Next(all.Length)]);
        }
    }

    private void LoseOne(ClientSession session)
    {
        var watched = session.Watched.TakeAll();
        if (watched.Length == 0)
            return;

        foreach (var (kind, path) in watched)
            session.Watched.Add(kind, path);
        var lost = watched[Random.Shared.Next(watched.Length)];
        replica.Watches.Remove(lost.Kind, lost.Path, session, WatchModes.All);
    }
}
