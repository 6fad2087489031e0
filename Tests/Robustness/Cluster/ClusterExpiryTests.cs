using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>Sessions expire and stay whoever dies: their client's silo, the sequencer's, or all.</summary>
public sealed class ClusterExpiryTests : ClusterTest
{
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EventLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_session_whose_client_dies_with_its_silo_expires_and_others_of_the_silo_stay()
    {
        ServerKind.RequireSilo("ZooKeeper ends the connections of all servers when the leader's dies.");
        var cluster = await StartWithShortTicksAsync();
        var sequencer = await cluster.FindSequencerAsync() ?? 0;
        for (var round = 0; round < 2; round++)
        {
            // First a silo that does not order, then the one that does.
            var dying = round == 0 ? (sequencer + 1) % cluster.Silos.Count : await cluster.FindSequencerAsync() ?? 0;
            var surviving = (dying + 1) % cluster.Silos.Count;
            await using var observer = await KeeperSession.OpenAsync(cluster.EndPoints[surviving], CancellationToken.None);
            await using var victim = await KeeperSession.OpenAsync(cluster.EndPoints[dying], ShortTimeout, CancellationToken.None);
            await using var moving = await KeeperSession.OpenAsync(
                cluster.EndPoints, dying, KeeperSession.DefaultTimeout, CancellationToken.None);
            await victim.CreateAsync($"/victim-{round}", mode: CreateMode.Ephemeral).OkAsync();
            await moving.CreateAsync($"/moving-{round}", mode: CreateMode.Ephemeral).OkAsync();
            await observer.SyncAsync("/").OkAsync();
            await observer.ExistsAsync($"/victim-{round}", watch: true).OkAsync();

            await cluster.Silos[dying].KillAsync();
            using var limit = new CancellationTokenSource(EventLimit);
            await moving.AttachAsync(limit.Token);
            (await observer.NextEventAsync(EventLimit)).Is(WatcherEventType.NodeDeleted, $"/victim-{round}");
            await observer.ExistsAsync($"/moving-{round}").OkAsync();
            await moving.ExistsAsync($"/moving-{round}").OkAsync();
            if (round == 0)
                await cluster.Silos[dying].StartAsync();
        }
    }

    [Fact]
    public async Task Sessions_expire_and_stay_when_all_silos_die_together()
    {
        var cluster = await StartWithShortTicksAsync();
        await using var victim = await KeeperSession.OpenAsync(cluster.EndPoints[0], ShortTimeout, CancellationToken.None);
        await using var moving = await KeeperSession.OpenAsync(cluster.EndPoints, 1, KeeperSession.DefaultTimeout, CancellationToken.None);
        await victim.CreateAsync("/victim", mode: CreateMode.Ephemeral).OkAsync();
        await moving.CreateAsync("/moving", mode: CreateMode.Ephemeral).OkAsync();

        await Task.WhenAll(cluster.Silos.Select(silo => silo.KillAsync()));
        await cluster.StartAllAsync();
        using var limit = new CancellationTokenSource(EventLimit);
        await moving.AttachAsync(limit.Token);
        await moving.SyncAsync("/").OkAsync();
        if ((await moving.ExistsAsync("/victim", watch: true)).IsOk)
            (await moving.NextEventAsync(EventLimit)).Is(WatcherEventType.NodeDeleted, "/victim");
        await moving.ExistsAsync("/moving").OkAsync();
        await Assert.ThrowsAsync<SessionExpiredException>(() => victim.AttachAsync(limit.Token));
    }

    [Fact]
    public async Task Sessions_stay_whose_clients_spoke_while_all_silos_hung()
    {
        var cluster = await StartWithShortTicksAsync();
        await using var first = await KeeperSession.OpenAsync(cluster.EndPoints, 0, ShortTimeout, CancellationToken.None);
        await using var second = await KeeperSession.OpenAsync(cluster.EndPoints, 1, ShortTimeout, CancellationToken.None);
        KeeperSession[] sessions = [first, second];
        foreach (var session in sessions)
            await session.CreateAsync($"/owned-{session.Id}", mode: CreateMode.Ephemeral).OkAsync();
        for (var round = 0; round < 2; round++)
        {
            foreach (var silo in cluster.Silos)
                silo.Pause();
            var pings = sessions.Select(session => session.PingAsync()).ToArray();

            // The clock goes on: when the silos do, every deadline that they know is over.
            await Task.Delay(ShortTimeout + Tick + Margin);
            foreach (var silo in cluster.Silos)
                silo.Resume();

            // Nobody takes the sessions away then, or in a while.
            using var limit = new CancellationTokenSource(EventLimit);
            for (var waited = TimeSpan.Zero; waited < ShortTimeout + Tick; waited += Tick / 2)
            {
                foreach (var session in sessions)
                    await ExistsOwnedAsync(session, limit.Token);
                await Task.Delay(Tick / 2);
            }

            await Task.WhenAll(pings.Select(ping => ping.ContinueWith(_ => { }, TaskScheduler.Default)));
        }
    }

    private Task<SiloCluster> StartWithShortTicksAsync() =>
        StartClusterAsync(hasNetwork: false, settings => settings with { TickTime = Tick });

    private static async Task ExistsOwnedAsync(KeeperSession session, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExistsAsync($"/owned-{session.Id}").OkAsync();
        }
        catch (ConnectionLostException)
        {
            // A silo that has heard nothing of the sequencer for the length of the lease closes its connections.
            await session.AttachAsync(cancellationToken);
            await session.ExistsAsync($"/owned-{session.Id}").OkAsync();
        }
    }
}
