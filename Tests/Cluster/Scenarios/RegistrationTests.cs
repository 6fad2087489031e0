using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Servers;
using OrleansKeeper.Grains;

using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Servers that register, go, and come back.</summary>
public sealed class RegistrationTests(ScenarioCluster cluster) : IClassFixture<ScenarioCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WebApplicationIsRegisteredWhileItServes()
    {
        var watcher = await cluster.ConnectAsync();
        await using var directory = await ServerDirectory.OpenAsync(watcher, "/servers/web");
        await using var changes = directory.WatchAsync().GetAsyncEnumerator();
        Assert.Empty((await changes.NextAsync()).Servers);

        await using var server = await WebServer.StartAsync(await cluster.ConnectAsync(), "web", "one", options => options.Metadata["zone"] = "eu-1");
        var joined = Assert.Single((await changes.NextAsync()).Joined);
        Assert.Equal((new ServerAddress("127.0.0.1", server.Port), "eu-1"), (joined.Address, joined.Metadata["zone"]));
        Assert.Equal("server-0000000000", joined.Name);
        Assert.Equal($"127.0.0.1:{server.Port}\nzone=eu-1", await watcher.GetTextAsync("/servers/web/server-0000000000"));

        await server.StopAsync();
        var left = await changes.NextAsync();
        Assert.Equal(joined.Name, Assert.Single(left.Left).Name);
        Assert.Empty(left.Servers);
    }

    [Fact]
    public async Task ServerWithdrawsBeforeItsPortCloses()
    {
        await using var directory = await ServerDirectory.OpenAsync(await cluster.ConnectAsync(), "/servers/graceful");
        var drained = TimeSpan.FromSeconds(3);
        await using var server = await WebServer.StartAsync(
            await cluster.ConnectAsync(), "graceful", "one", options => options.DrainTime = drained);
        await Eventually.IsTrueAsync(() => directory.Current.Count == 1);
        using var http = new HttpClient();

        var stopping = server.StopAsync();
        await Eventually.IsTrueAsync(() => directory.Current.Count == 0);
        Assert.Equal("one", await http.GetStringAsync($"http://127.0.0.1:{server.Port}/"));
        await stopping;

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync($"http://127.0.0.1:{server.Port}/"));
    }

    [Fact]
    public async Task ServerRegistersAgainAfterItsSessionExpired()
    {
        var client = await cluster.ConnectAsync();
        await using var directory = await ServerDirectory.OpenAsync(await cluster.ConnectAsync(), "/servers/expiring");
        await using var registration = new ServerRegistration(client, "/servers/expiring", Describe("10.0.0.1:80"));
        var first = await registration.WaitUntilRegisteredAsync().WaitAsync(Patience);
        var session = client.Session.Id;

        await cluster.ExpireSessionAsync(client);

        await Eventually.IsTrueAsync(() => directory.Current is [var server] && $"/servers/expiring/{server.Name}" != first);
        Assert.NotEqual(session, client.Session.Id);
        Assert.Equal("10.0.0.1:80", directory.Current[0].Address.ToString());
        Assert.Equal($"/servers/expiring/{directory.Current[0].Name}", await registration.WaitUntilRegisteredAsync().WaitAsync(Patience));
    }

    [Fact]
    public async Task RegistrationThatSomebodyDeletedIsMadeAgain()
    {
        var other = await cluster.ConnectAsync();
        await using var registration = new ServerRegistration(await cluster.ConnectAsync(), "/servers/deleted", Describe("10.0.0.1:80"));
        var first = await registration.WaitUntilRegisteredAsync().WaitAsync(Patience);

        await other.DeleteAsync(first);

        await Eventually.IsTrueAsync(async () => (await other.GetChildrenAsync("/servers/deleted")).Count == 1);
        Assert.NotEqual(first, $"/servers/deleted/{(await other.GetChildrenAsync("/servers/deleted"))[0]}");
    }

    [Fact]
    public async Task WithdrawnServerIsGoneAndStaysSo()
    {
        var client = await cluster.ConnectAsync();
        var registration = new ServerRegistration(client, "/servers/withdrawn", Describe("10.0.0.1:80"));
        var path = await registration.WaitUntilRegisteredAsync().WaitAsync(Patience);

        await registration.DisposeAsync();

        Assert.Null(await client.ExistsAsync(path));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => registration.WaitUntilRegisteredAsync());
    }

    [Fact]
    public async Task ManyServersOfOneClientRegisterOnceEach()
    {
        var client = await cluster.ConnectAsync();
        var registrations = Enumerable.Range(1, 20)
            .Select(port => new ServerRegistration(client, "/servers/many", Describe($"10.0.0.1:{port}")))
            .ToList();
        foreach (var registration in registrations)
            await registration.WaitUntilRegisteredAsync().WaitAsync(Patience);

        await using var directory = await ServerDirectory.OpenAsync(client, "/servers/many");
        Assert.Equal(Enumerable.Range(1, 20), directory.Current.Select(server => server.Address.Port).Order());

        foreach (var registration in registrations)
            await registration.DisposeAsync();
        await Eventually.IsTrueAsync(() => directory.Current.Count == 0);
    }

    [Fact]
    public async Task RegistrationWhoseAnswerIsLostIsNotMadeTwice()
    {
        var client = await cluster.ConnectAsync();
        List<ServerRegistration> registrations = [];
        for (var port = 1; port <= 30; port++)
        {
            registrations.Add(new ServerRegistration(client, "/servers/dropped", Describe($"10.0.0.1:{port}")));
            if (port % 2 == 0)
                await client.SyncAsync().ContinueWith(_ => { });
            await cluster.DropConnectionAsync(client);
        }
        foreach (var registration in registrations)
            await registration.WaitUntilRegisteredAsync().WaitAsync(Patience);

        await using var directory = await ServerDirectory.OpenAsync(client, "/servers/dropped");
        Assert.Equal(Enumerable.Range(1, 30), directory.Current.Select(server => server.Address.Port).Order());
    }

    [Fact]
    public async Task WhatOtherClientsRegisteredIsSeenAndWhatIsNoAddressIsPassedOver()
    {
        var client = await cluster.ConnectAsync();
        await client.EnsurePathAsync("/servers/mixed");
        await client.CreateAsync("/servers/mixed/by-hand", "10.0.0.9:80\n");
        await client.CreateAsync("/servers/mixed/config", "{}");

        await using var directory = await ServerDirectory.OpenAsync(client, "/servers/mixed");

        Assert.Equal("by-hand at 10.0.0.9:80", Assert.Single(directory.Current).ToString());
    }

    [Fact]
    public async Task HostWithoutAWebServerRegistersTheAddressThatItIsTold()
    {
        var client = await cluster.ConnectAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(client);
        builder.Services.AddKeeperRegistration("worker", new ServerAddress("10.0.0.7", 9000), new ServerRegistrationOptions { DrainTime = TimeSpan.Zero });
        using var host = builder.Build();
        await using var directory = await ServerDirectory.OpenAsync(client, "/servers/worker");

        await host.StartAsync();
        await Eventually.IsTrueAsync(() => directory.Current is [{ Address: { Host: "10.0.0.7", Port: 9000 } }]);

        await host.StopAsync();
        await Eventually.IsTrueAsync(() => directory.Current.Count == 0);
    }

    [Fact]
    public async Task ApplicationWithAClientOfItsOwnWithdrawsBeforeTheClientGoes()
    {
        await using var silo = await GatewaySilo.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeeperClient(options => options.Gateways = silo.Gateways);
        builder.Services.AddKeeperRegistration("worker", new ServerAddress("10.0.0.7", 9000), new ServerRegistrationOptions { DrainTime = TimeSpan.Zero });
        await using var watcher = await KeeperClient.ConnectAsync(silo.Gateways);
        await using var directory = await ServerDirectory.OpenAsync(watcher, "/servers/worker");
        using (var host = builder.Build())
        {
            await host.StartAsync();
            await Eventually.IsTrueAsync(() => directory.Current.Count == 1);

            await host.StopAsync();
            await Eventually.IsTrueAsync(() => directory.Current.Count == 0);
        }
    }

    [Fact]
    public async Task ApplicationWithTheServiceInItRegistersAndWithdrawsToo()
    {
        var folder = Directory.CreateTempSubdirectory("orleanskeeper-").FullName;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<KeeperOptions>(options => options.DataDirectory = folder);
        builder.Services.AddKeeperClient();
        builder.Services.AddKeeperRegistration("itself", new ServerAddress("10.0.0.7", 9000), new ServerRegistrationOptions { DrainTime = TimeSpan.Zero });
        builder.UseOrleans(silo => silo.UseLocalhostClustering(GatewaySilo.FindFreePort(), GatewaySilo.FindFreePort()).AddKeeper());
        using (var host = builder.Build())
        {
            await host.StartAsync();
            var client = host.Services.GetRequiredService<IKeeperClient>();
            await using (var directory = await ServerDirectory.OpenAsync(client, "/servers/itself"))
                await Eventually.IsTrueAsync(() => directory.Current.Count == 1);
            var ephemerals = await client.GetEphemeralsAsync();
            Assert.Single(ephemerals);

            await host.StopAsync().WaitAsync(Patience);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("zookeeper\0")]
    public void NameThatCannotBeAServicesIsRefused(string service) =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddKeeperRegistration(service, new ServerAddress("10.0.0.7", 9000)));

    private static ServerDescription Describe(string address) => new(ServerAddress.Parse(address));
}
