using System.Diagnostics;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>
/// Which servers are online: three register, one is killed without a chance to say goodbye, another one joins. The watching
/// client learns each change by one watch event.
/// </summary>
public sealed class ServersOnlineTests(ServerPair servers)
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(4);

    /// <summary>A server rounds expiry up to its next tick (2 s), and this machine may be busy.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task WatcherLearnsWhoDiedAndWhoJoined(Target target)
    {
        var hosts = servers[target].ConnectString;
        var path = $"/servers-{Guid.NewGuid():n}";
        await using var processes = new KazooProcesses();
        var killed = await processes.StartServerAsync(hosts, "10.0.0.1:80", path, SessionTimeout);
        await processes.StartServerAsync(hosts, "10.0.0.2:80", path, SessionTimeout);
        await processes.StartServerAsync(hosts, "10.0.0.3:80", path, SessionTimeout);

        var watcher = processes.Start("watcher.py", hosts, path);
        Assert.Equal("online: 10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", await KazooProcesses.ReadLineAsync(watcher));

        killed.Kill();
        var since = Stopwatch.StartNew();
        Assert.Equal("event: CHILD", await KazooProcesses.ReadLineAsync(watcher));
        Assert.True(since.Elapsed < SessionTimeout + Allowance, $"The watch fired after {since.Elapsed}.");
        Assert.Equal("online: 10.0.0.2:80 10.0.0.3:80", await KazooProcesses.ReadLineAsync(watcher));

        await processes.StartServerAsync(hosts, "10.0.0.4:80", path, SessionTimeout);
        Assert.Equal("event: CHILD", await KazooProcesses.ReadLineAsync(watcher));
        Assert.Equal("online: 10.0.0.2:80 10.0.0.3:80 10.0.0.4:80", await KazooProcesses.ReadLineAsync(watcher));
    }
}
