using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Discovery;
using OrleansKeeper.ClientSdk.LoadBalancing;
using OrleansKeeper.ClientSdk.Servers;

using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Soft load balancing: by visits that all clients count together in the service, by what is outstanding, and in turn.</summary>
public sealed class LoadBalancingTests(ScenarioCluster cluster) : IClassFixture<ScenarioCluster>
{
    [Fact]
    public async Task VisitsOfManyClientsAreAllCountedAndSpreadEvenly()
    {
        const int Clients = 5;
        const int VisitsPerClient = 300;
        var admin = await cluster.ConnectAsync();
        await using var servers = await RegisterAsync(admin, "/servers/counted", 3);
        await BeginAtZeroAsync(admin, "/servers/counted", "/visits/counted");
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            await using var balancer = await OpenAsync("/servers/counted", TimeSpan.FromMilliseconds(20));
            for (var visit = 0; visit < VisitsPerClient; visit++)
            {
                using (balancer.Select())
                    await Task.Yield();
                if (visit % 10 == 0)
                    await Task.Delay(5);
            }
        }));

        var counts = await CountsAsync(admin, "/visits/counted");
        Assert.Equal(3, counts.Count);
        Assert.Equal(Clients * VisitsPerClient, counts.Values.Sum());
        Assert.True(counts.Values.Max() - counts.Values.Min() < Clients * VisitsPerClient / 10, $"The counts are {string.Join(", ", counts.Values)}.");
    }

    /// <summary>Without a counter a server would count as one that joined later: its counter would begin where the lowest of the others is.</summary>
    private async Task BeginAtZeroAsync(IKeeperClient admin, string serversPath, string visitsPath)
    {
        await using var balancer = await OpenAsync(serversPath, TimeSpan.FromHours(1));
        await admin.EnsurePathAsync(visitsPath);
        foreach (var load in balancer.Servers)
            await admin.CreateAsync($"{visitsPath}/{load.Server.Name}", "0");
    }

    [Fact]
    public async Task RequestsGoToTheServerThatOtherClientsVisitedLeast()
    {
        var admin = await cluster.ConnectAsync();
        await using var servers = await RegisterAsync(admin, "/servers/least", 2);
        await using var balancer = await OpenAsync("/servers/least", TimeSpan.FromHours(1));
        var names = balancer.Servers.Select(load => load.Server.Name).ToArray();
        await admin.EnsurePathAsync("/visits/least");
        await admin.CreateAsync($"/visits/least/{names[0]}", "100");
        await admin.CreateAsync($"/visits/least/{names[1]}", "97");
        Assert.True(await balancer.ExchangeVisitsAsync());

        var chosen = Enumerable.Range(0, 5).Select(_ => SelectAndRelease(balancer)).ToList();

        Assert.Equal([names[1], names[1], names[1]], chosen.Take(3));
        Assert.Equal(names.Order(), chosen.Skip(3).Order());
        Assert.True(await balancer.ExchangeVisitsAsync());
        Assert.Equal([101, 101], (await CountsAsync(admin, "/visits/least")).Values);
    }

    [Fact]
    public async Task ServerThatJoinsBeginsAtTheLowestCountAndGetsNoFlood()
    {
        var admin = await cluster.ConnectAsync();
        await using var servers = await RegisterAsync(admin, "/servers/joining", 2);
        await using var balancer = await OpenAsync("/servers/joining", TimeSpan.FromHours(1));
        for (var visit = 0; visit < 100; visit++)
            SelectAndRelease(balancer);
        Assert.True(await balancer.ExchangeVisitsAsync());

        await using var joining = await RegisterAsync(admin, "/servers/joining", 1, firstPort: 100);
        await Eventually.IsTrueAsync(() => balancer.Servers.Count == 3);
        var chosen = Enumerable.Range(0, 30).Select(_ => SelectAndRelease(balancer)).CountBy(name => name);

        Assert.Equal([10, 10, 10], chosen.Select(server => server.Value));
        Assert.True(await balancer.ExchangeVisitsAsync());
        Assert.Equal([60, 60, 60], (await CountsAsync(admin, "/visits/joining")).Values);
    }

    [Fact]
    public async Task VisitIsNeverCountedTwiceWhenTheAnswerIsLost()
    {
        var admin = await cluster.ConnectAsync();
        await using var servers = await RegisterAsync(admin, "/servers/dropping", 2);
        var client = await cluster.ConnectAsync();
        await using var balancer = await LoadBalancer.OpenAsync(client, "/servers/dropping", new LoadBalancingOptions { ExchangeInterval = TimeSpan.FromHours(1) });
        var visits = 0;
        for (var round = 0; round < 20; round++)
        {
            for (var visit = 0; visit < 5; visit++, visits++)
                SelectAndRelease(balancer);
            var exchange = balancer.ExchangeVisitsAsync();
            await cluster.DropConnectionAsync(client);
            await exchange.ContinueWith(_ => { });
            Assert.InRange((await CountsAsync(admin, "/visits/dropping")).Values.Sum(), 0, visits);
        }

        SelectAndRelease(balancer);
        Assert.True(await balancer.ExchangeVisitsAsync());
        Assert.InRange((await CountsAsync(admin, "/visits/dropping")).Values.Sum(), 1, visits + 1);
    }

    [Fact]
    public async Task CounterThatIsNoNumberIsRefusedByName()
    {
        var admin = await cluster.ConnectAsync();
        await using var servers = await RegisterAsync(admin, "/servers/broken", 1);
        await using var balancer = await OpenAsync("/servers/broken", TimeSpan.FromHours(1));
        var name = balancer.Servers[0].Server.Name;
        await admin.EnsurePathAsync("/visits/broken");
        await admin.CreateAsync($"/visits/broken/{name}", "many");

        var exception = await Assert.ThrowsAsync<FormatException>(() => balancer.ExchangeVisitsAsync());
        Assert.Contains($"/visits/broken/{name}", exception.Message, StringComparison.Ordinal);
        Assert.Equal(name, SelectAndRelease(balancer));

        await admin.SetTextAsync($"/visits/broken/{name}", "7");
        Assert.True(await balancer.ExchangeVisitsAsync());
        Assert.Equal([8], (await CountsAsync(admin, "/visits/broken")).Values);
    }

    [Fact]
    public async Task RequestsOfHttpClientAvoidTheServerThatIsBusy()
    {
        await using var services = await CreateServicesAsync("busy", LoadBalancingStrategy.LeastOutstanding);
        await using var slow = await WebServer.StartAsync(await cluster.ConnectAsync(), "busy", "slow");
        await using var quick = await WebServer.StartAsync(await cluster.ConnectAsync(), "busy", "quick");
        using var http = await ReadyAsync(services, "busy", servers: 2);
        slow.HoldRequests();
        var first = new[] { http.GetStringAsync("http://busy/"), http.GetStringAsync("http://busy/") };
        await Eventually.IsTrueAsync(() => slow.Visits == 1 && quick.Visits == 1);
        Assert.Equal("quick", await await Task.WhenAny(first));

        for (var request = 0; request < 20; request++)
            Assert.Equal("quick", await http.GetStringAsync("http://busy/"));
        slow.LetRequestsGo();

        Assert.Equal(["quick", "slow"], (await Task.WhenAll(first)).Order());
        Assert.Equal(1, slow.Visits);
    }

    [Fact]
    public async Task RequestWhoseConnectionFailsGoesToAnotherServer()
    {
        await using var services = await CreateServicesAsync("failing", LoadBalancingStrategy.RoundRobin);
        await using var server = await WebServer.StartAsync(await cluster.ConnectAsync(), "failing", "alive");
        await using var dead = await RegisterAsync(await cluster.ConnectAsync(), "/servers/failing", 1, host: "127.0.0.1");
        using var http = await ReadyAsync(services, "failing", servers: 2);

        for (var request = 0; request < 6; request++)
            Assert.Equal("alive", await http.GetStringAsync("http://failing/"));
        Assert.Equal(6, server.Visits);
    }

    [Fact]
    public async Task ServiceWithoutServersIsNamed()
    {
        await using var services = await CreateServicesAsync("nobody", LoadBalancingStrategy.RoundRobin);
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient("nobody");

        var exception = await Assert.ThrowsAsync<NoServerException>(() => http.GetStringAsync("http://nobody/"));

        Assert.Equal("No server is registered below /servers/nobody.", exception.Message);
    }

    private static string SelectAndRelease(LoadBalancer balancer)
    {
        using var chosen = balancer.Select();
        return chosen.Server.Name;
    }

    private static async Task<HttpClient> ReadyAsync(IServiceProvider services, string service, int servers)
    {
        var balancer = await services.GetRequiredKeyedService<LoadBalancers>(service).GetAsync(service);
        await Eventually.IsTrueAsync(() => balancer.Servers.Count == servers);
        return services.GetRequiredService<IHttpClientFactory>().CreateClient(service);
    }

    private static async Task<SortedDictionary<string, long>> CountsAsync(IKeeperClient client, string path)
    {
        SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (var server in await client.GetChildrenAsync(path))
            counts[server] = long.Parse(await client.GetTextAsync($"{path}/{server}"), CultureInfo.InvariantCulture);
        return counts;
    }

    private static async Task<RegisteredServers> RegisterAsync(IKeeperClient client, string path, int count, int firstPort = 1, string host = "10.0.0.1")
    {
        var servers = new RegisteredServers(client, path, host, firstPort, count);
        await servers.WaitUntilRegisteredAsync();
        return servers;
    }

    private async Task<LoadBalancer> OpenAsync(string path, TimeSpan interval) =>
        await LoadBalancer.OpenAsync(await cluster.ConnectAsync(), path, new LoadBalancingOptions { ExchangeInterval = interval, CounterLifetime = TimeSpan.FromDays(1) });

    private async Task<ServiceProvider> CreateServicesAsync(string service, LoadBalancingStrategy strategy)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(await cluster.ConnectAsync());
        services.AddHttpClient(service).AddKeeperLoadBalancing(options => options.Strategy = strategy);
        return services.BuildServiceProvider();
    }
}
