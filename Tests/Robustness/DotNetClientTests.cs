using System.Diagnostics;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Tests.Robustness.DotNet;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>.NET clients of a silo in a process of its own, over its gateway's socket.</summary>
[Collection(Alone.Name)]
public sealed class DotNetClientTests : RobustnessTest
{
    private const string Root = "/load";
    private const int Kills = 3;
    private const int FewestChanges = 200;
    private const int MostChanges = 3000;

    private static readonly TimeSpan EventLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Recursive_watch_hears_of_every_change_once_and_in_order_over_kills_under_load()
    {
        ServerKind.RequireSilo("ZooKeeper has no gateway for .NET clients.");
        var silo = await StartSiloAsync(settings => settings with { Arguments = ["--Keeper:CheckpointInterval=86400000"] });
        var random = new Random(Seed);
        await using var watcher = await ConnectAsync(silo);
        await using var writer = await ConnectAsync(silo);
        var created = await writer.CreateAsync(Root);
        await using var watch = await watcher.OpenWatchAsync(Root, WatchMode.PersistentRecursive);
        var session = watcher.Session.Id;
        var heard = ReadUntilAsync(watch, Root + "/end");

        await using var load = new ChangeLoad(writer, Root);
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.MakeProgressAsync(random.Next(FewestChanges, MostChanges));
            await silo.KillAsync();
            var killed = Stopwatch.GetTimestamp();
            await silo.StartAsync();
            await load.MakeProgressAsync(1);
            WriteLine($"The first change was acknowledged {Stopwatch.GetElapsedTime(killed).TotalSeconds:F1} s after the kill.");
        }

        await load.MakeProgressAsync(FewestChanges);
        await load.StopAsync();
        await writer.CreateAsync(Root + "/end");
        var events = await heard.WaitAsync(EventLimit);
        Assert.Equal(session, watcher.Session.Id);
        await silo.KillAsync();

        WriteLine($"{events.Count} events, {load.Acknowledged.Count} acknowledged changes, {load.Unknown} of unknown outcome.");
        var logged = await LoggedEvents.ReadAsync(silo.Settings.DataDirectory, Root, created.Stat.Czxid);
        Assert.Equal(logged.TakeWhile(logged => logged.Path != Root + "/end"), events);
        Assert.Empty(load.Acknowledged.Except(events));
    }

    [Fact]
    public async Task A_session_is_opened_soon_although_the_silo_took_the_call_for_it_to_its_grave()
    {
        ServerKind.RequireSilo("ZooKeeper has no gateway for .NET clients.");
        var silo = await StartSiloAsync();
        var options = new KeeperClientOptions { RequestTimeout = TimeSpan.FromMinutes(10) };
        await using var orleans = ClusterClientHost.Build(ServiceAddress.Parse(silo.Settings.Gateway), options);
        await orleans.WaitAsync(options.RequestTimeout, CancellationToken.None);
        silo.Pause();
        var connecting = KeeperClient.ConnectAsync(orleans.Client, options);
        await UnreadBytes.WaitForAsync(silo.Settings.GatewayPort);
        await silo.KillAsync();
        await silo.StartAsync();

        // Orleans itself says after 30 s that nobody answers.
        await using var client = await connecting.WaitAsync(TimeSpan.FromSeconds(20));
        await client.CreateAsync(Root);
    }

    private static Task<KeeperClient> ConnectAsync(SiloProcess silo) => KeeperClient.ConnectAsync(silo.Settings.Gateway, options =>
    {
        options.SessionTimeout = TimeSpan.FromSeconds(30);
        options.MaxEventsPerWatch = 1_000_000;
    });

    private static async Task<List<WatchEvent>> ReadUntilAsync(KeeperWatch watch, string lastPath)
    {
        var events = new List<WatchEvent>();
        await foreach (var watchEvent in watch)
        {
            if (watchEvent.Path == lastPath)
                break;

            events.Add(watchEvent);
        }

        return events;
    }
}
