using OrleansKeeper.ClientSdk.Servers;
using OrleansKeeper.Tests.Interop.Recipes;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>A kazoo client and a .NET client register servers at the same path, and each sees the other's come and go.</summary>
public sealed class RegistrationTests(ServerPair servers)
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ServersOfBothAreSeenByBoth()
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        var hosts = servers.Ours.ConnectString;
        var path = $"/servers-{Guid.NewGuid():n}";
        await using var processes = new KazooProcesses();
        var killed = await processes.StartServerAsync(hosts, "10.0.0.1:80", path, SessionTimeout);
        var registration = new ServerRegistration(client, path, new ServerDescription(new ServerAddress("10.0.0.2", 80)));
        Assert.Equal($"{path}/server-0000000001", await registration.WaitUntilRegisteredAsync().WaitAsync(Patience));

        var watcher = processes.Start("watcher.py", hosts, path);
        Assert.Equal("online: 10.0.0.1:80 10.0.0.2:80", await KazooProcesses.ReadLineAsync(watcher));
        await using var directory = await ServerDirectory.OpenAsync(client, path);
        await using var changes = directory.WatchAsync().GetAsyncEnumerator();
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], await NextAsync(changes));

        killed.Kill();
        Assert.Equal("event: CHILD", await KazooProcesses.ReadLineAsync(watcher));
        Assert.Equal("online: 10.0.0.2:80", await KazooProcesses.ReadLineAsync(watcher));
        Assert.Equal(["10.0.0.2:80"], await NextAsync(changes));

        await registration.DisposeAsync();
        Assert.Equal("event: CHILD", await KazooProcesses.ReadLineAsync(watcher));
        Assert.Equal("online:", (await KazooProcesses.ReadLineAsync(watcher)).Trim());
        Assert.Empty(await NextAsync(changes));
    }

    private static async Task<IEnumerable<string>> NextAsync(IAsyncEnumerator<ServersChange> changes)
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Patience));
        return changes.Current.Servers.Select(server => server.Address.ToString());
    }
}
