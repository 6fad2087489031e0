using System.Diagnostics;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>
/// Which servers are online: three register, one is killed without a chance to say goodbye, another one joins. The watching
/// client learns each change by one watch event. In a cluster each is the client of another server.
/// </summary>
[Collection<TargetCollection>]
public sealed class ServersOnlineTests(TargetServers servers)
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(4);

    /// <summary>A server rounds expiry up to its next tick (2 s), and this machine may be busy.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task WatcherLearnsWhoDiedAndWhoJoined(Target target)
    {
        var path = $"/servers-{Guid.NewGuid():n}";
        await using var processes = new KazooProcesses();
        var killed = await processes.StartServerAsync(HostOf(target, 0), "10.0.0.1:80", path, SessionTimeout);
        await processes.StartServerAsync(HostOf(target, 1), "10.0.0.2:80", path, SessionTimeout);
        await processes.StartServerAsync(HostOf(target, 2), "10.0.0.3:80", path, SessionTimeout);

        var watcher = processes.Start("watcher.py", HostOf(target, 1), path);
        Assert.Equal("online: 10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", await KazooProcesses.ReadLineAsync(watcher));

        killed.Kill();
        var since = Stopwatch.StartNew();
        Assert.Equal("event: CHILD", await KazooProcesses.ReadLineAsync(watcher));
        Assert.True(since.Elapsed < SessionTimeout + Allowance, $"The watch fired after {since.Elapsed}.");
        Assert.Equal("online: 10.0.0.2:80 10.0.0.3:80", await KazooProcesses.ReadLineAsync(watcher));

        await processes.StartServerAsync(HostOf(target, 3), "10.0.0.4:80", path, SessionTimeout);
        Assert.Equal("event: CHILD", await KazooProcesses.ReadLineAsync(watcher));
        Assert.Equal("online: 10.0.0.2:80 10.0.0.3:80 10.0.0.4:80", await KazooProcesses.ReadLineAsync(watcher));
    }

    private string HostOf(Target target, int client) => servers[target][client % servers[target].Count].ConnectString;
}
