using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Cluster.Client;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>.NET clients of a cluster whose silos go, with the grains of their sessions on them.</summary>
public sealed class DotNetClientTests
{
    [Fact]
    public async Task SilosThatAreKilledUnderLoadLoseAndRepeatNoEvent()
    {
        const int Kills = 3;
        await using var cluster = await SiloClusterExtensions.StartAsync(3);
        await using var client = await cluster.ConnectAsync(options => options.MaxEventsPerWatch = 100_000);
        await using var writer = await cluster.ConnectAsync();
        var session = client.Session;
        await client.CreateAsync("/mine", "x", CreateMode.Ephemeral);
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        using var stopping = new CancellationTokenSource();
        var writing = Task.Run(() => WriteAsync(writer, stopping.Token), default);

        for (var kill = 0; kill < Kills; kill++)
        {
            var before = (await client.ExistsAsync("/"))!.Value.Cversion;
            while ((await client.ExistsAsync("/"))!.Value.Cversion < before + 50)
                await client.SyncAsync();
            await cluster.KillSiloAsync(kill % cluster.SiloCount);
            await cluster.AddSiloAsync();
        }

        await stopping.CancelAsync();
        await writing;
        await client.SyncAsync();
        var created = (await client.GetChildrenAsync("/")).Where(name => name.StartsWith("n-", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        var events = await watch.NextAsync(created.Length);

        Assert.Same(session, client.Session);
        Assert.Equal(session.Id, (await client.GetAsync("/mine")).Stat.EphemeralOwner);
        Assert.All(events, watchEvent => Assert.Equal(WatchEventType.NodeCreated, watchEvent.Type));
        Assert.Equal(created.Select(name => "/" + name), events.Select(watchEvent => watchEvent.Path));
        Assert.Equal(events.Select(watchEvent => watchEvent.Zxid), events.Select(watchEvent => watchEvent.Zxid).Distinct().Order());
    }

    /// <summary>Creates znodes one after the other, whether or not it hears what became of the one before.</summary>
    private static async Task WriteAsync(KeeperClient writer, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await writer.CreateAsync("/n-", "", CreateMode.PersistentSequential, CancellationToken.None);
            }
            catch (ConnectionLostException)
            {
                // The outcome is unknown; the events say.
            }
        }
    }
}
