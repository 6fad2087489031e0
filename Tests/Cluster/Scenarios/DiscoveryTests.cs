using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;
using OrleansKeeper.ClientSdk.Discovery;
using OrleansKeeper.ClientSdk.Servers;

using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary><see cref="HttpClient"/> finds servers by their service's name, as they come and go.</summary>
public sealed class DiscoveryTests(ScenarioCluster cluster) : IClassFixture<ScenarioCluster>
{
    [Fact]
    public async Task HttpClientReachesTheServersThatAreOnline()
    {
        await using var services = await CreateServicesAsync();
        await using var directory = await ServerDirectory.OpenAsync(await cluster.ConnectAsync(), "/servers/shop");
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        await using var one = await WebServer.StartAsync(await cluster.ConnectAsync(), "shop", "one");
        await using var two = await WebServer.StartAsync(await cluster.ConnectAsync(), "shop", "two");
        await Eventually.IsTrueAsync(() => directory.Current.Count == 2);
        await AssertAnsweredByAsync(http, "http://shop/", ["one", "two"]);

        await using var three = await WebServer.StartAsync(await cluster.ConnectAsync(), "shop", "three");
        await AssertAnsweredByAsync(http, "http://shop/", ["one", "two", "three"]);

        await one.StopAsync();
        await AssertAnsweredByAsync(http, "http://shop/", ["two", "three"]);
    }

    [Fact]
    public async Task NoRequestFailsWhileServersComeAndGoInGoodOrder()
    {
        await using var services = await CreateServicesAsync();
        await using var directory = await ServerDirectory.OpenAsync(await cluster.ConnectAsync(), "/servers/rolling");
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        var current = await WebServer.StartAsync(await cluster.ConnectAsync(), "rolling", "0");
        await Eventually.IsTrueAsync(() => directory.Current.Count == 1);
        using var rolled = new CancellationTokenSource();
        var requests = Task.Run(async () =>
        {
            HashSet<string> answers = [];
            while (!rolled.IsCancellationRequested)
                answers.Add(await http.GetStringAsync("http://rolling/"));
            return answers;
        });
        await Eventually.IsTrueAsync(() => current.Visits > 0);

        for (var i = 1; i <= 5; i++)
        {
            var next = await WebServer.StartAsync(await cluster.ConnectAsync(), "rolling", $"{i}");
            await Eventually.IsTrueAsync(() => directory.Current.Any(server => server.Address.Port == next.Port));
            await Eventually.IsTrueAsync(() => next.Visits > 0);
            await current.StopAsync();
            await current.DisposeAsync();
            current = next;
        }
        await rolled.CancelAsync();

        Assert.Equal(["0", "1", "2", "3", "4", "5"], (await requests).Order());
        await current.DisposeAsync();
    }

    [Fact]
    public async Task NamedEndpointIsTheOneThatTheServerTells()
    {
        await using var services = await CreateServicesAsync();
        await using var server = await WebServer.StartAsync(
            await cluster.ConnectAsync(), "named", "one", options => options.Metadata["endpoint.admin"] = "127.0.0.1:9");
        var resolver = services.GetRequiredService<ServiceEndpointResolver>();

        await Eventually.IsTrueAsync(async () =>
            (await resolver.GetEndpointsAsync("http://_admin.named", default)).Endpoints is [var endpoint] && endpoint.EndPoint.ToString() == "127.0.0.1:9");
    }

    [Fact]
    public async Task ConfiguredEndpointsWinAsAmongDotnetsOwnProviders()
    {
        await using var services = await CreateServicesAsync(("Services:fixed:http:0", "127.0.0.1:7"));
        await using var server = await WebServer.StartAsync(await cluster.ConnectAsync(), "fixed", "one");
        await using var directory = await ServerDirectory.OpenAsync(await cluster.ConnectAsync(), "/servers/fixed");
        await Eventually.IsTrueAsync(() => directory.Current.Count == 1);

        var endpoints = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("http://fixed", default);

        Assert.Equal("127.0.0.1:7", Assert.Single(endpoints.Endpoints).EndPoint.ToString());
    }

    private static async Task AssertAnsweredByAsync(HttpClient http, string address, IReadOnlyCollection<string> names) =>
        await Eventually.IsTrueAsync(async () =>
        {
            HashSet<string> answers = [];
            for (var request = 0; request < 2 * names.Count; request++)
                answers.Add(await http.GetStringAsync(address));
            return answers.SetEquals(names);
        });

    private async Task<ServiceProvider> CreateServicesAsync(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var values = settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value));
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddSingleton(await cluster.ConnectAsync());
        services.AddServiceDiscovery().AddKeeperEndpointProvider();
        services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        return services.BuildServiceProvider();
    }
}
