using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;
using System.Diagnostics;

namespace OrleansKeeper.Tests.Cluster.Client;

public sealed class FirstTests
{
    [Fact]
    public async Task BasicsWork()
    {
        var t0 = Stopwatch.GetTimestamp();
        await using var cluster = await KeeperTestCluster.StartAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"start {Stopwatch.GetElapsedTime(t0)}");
        await using var client = await cluster.ConnectAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"connected {Stopwatch.GetElapsedTime(t0)}");
        await client.CreateAsync("/a", "hello");
        var content = await client.GetAsync("/a");
        Assert.Equal("hello", content.Text());
        await client.SetTextAsync("/a", "x", 0);
        await Assert.ThrowsAsync<BadVersionException>(() => client.SetTextAsync("/a", "x", 0));
        var watched = await client.GetAndWatchAsync("/a");
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        await client.SetTextAsync("/a", "y");
        Assert.True(watched.Changed.IsCompleted);
        Assert.Equal(WatchEventType.NodeDataChanged, (await watched.Changed).Type);
        await client.CreateAsync("/a/b", CreateMode.Ephemeral);
        Assert.Equal(["b"], await client.GetChildrenAsync("/a"));
        await client.Transaction().Check("/a").Delete("/a/b").Create("/c").CommitAsync();
        Assert.Null(await client.ExistsAsync("/a/b"));
        var events = new List<WatchEvent>();
        await foreach (var e in watch)
        {
            events.Add(e);
            if (events.Count == 4)
                break;
        }
        Assert.Equal(["/a", "/a/b", "/a/b", "/c"], events.Select(e => e.Path));
        await cluster.DropConnectionAsync(client);
        await client.SetTextAsync("/a", "z");
        await cluster.ExpireSessionAsync(client);
        await Assert.ThrowsAsync<SessionExpiredException>(() => client.SetTextAsync("/a", "lost"));
        await client.SetTextAsync("/a", "zz");
        await foreach (var e in watch)
        {
            events.Add(e);
            if (events.Count == 6)
                break;
        }
        Assert.Equal("/a", events[5].Path);
    }

    [Fact]
    public async Task RestartWorks()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using var client = await cluster.ConnectAsync();
        client.StateChanged += (_, s) => TestContext.Current.TestOutputHelper!.WriteLine($"{DateTime.Now:O} {s}");
        await using var watch = await client.OpenWatchAsync("/", WatchMode.PersistentRecursive);
        await client.CreateAsync("/a", "hello");
        var id = client.Session.Id;
        var t0 = Stopwatch.GetTimestamp();
        await cluster.KillSiloAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{DateTime.Now:O} killed {Stopwatch.GetElapsedTime(t0)}");
        await cluster.RestartSiloAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{DateTime.Now:O} restarted {Stopwatch.GetElapsedTime(t0)}");
        Assert.Equal("hello", (await client.GetAsync("/a")).Text());
        TestContext.Current.TestOutputHelper!.WriteLine($"{DateTime.Now:O} read {Stopwatch.GetElapsedTime(t0)}");
        await client.SetTextAsync("/a", "x");
        Assert.Equal(id, client.Session.Id);
    }
}
