using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Configuration;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>Unified configuration: a changed znode reaches <c>IOptionsMonitor</c> in a running ASP.NET application.</summary>
public sealed class ConfigurationTests(ScenarioCluster cluster) : IClassFixture<ScenarioCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ChangedZNodeReachesTheRunningApplication()
    {
        var client = await cluster.ConnectAsync();
        await SetAsync(client, "/config-1/Shop/Banner", "Welcome");
        await using var shop = await ShopApplication.StartAsync(configuration => configuration.AddKeeper(client, "/config-1"));
        Assert.Equal("Welcome 0", await shop.AskAsync());

        await SetAsync(client, "/config-1/Shop/Banner", "Sale");
        Assert.Equal("Sale", (await NextReloadAsync(shop)).Banner);
        Assert.Equal("Sale 0", await shop.AskAsync());

        await client.CreateAsync("/config-1/Shop/Discount", "20");
        Assert.Equal(20, (await NextReloadAsync(shop)).Discount);

        await client.DeleteAsync("/config-1/Shop/Banner");
        Assert.Equal("", (await NextReloadAsync(shop)).Banner);
        Assert.Equal(" 20", await shop.AskAsync());
    }

    [Fact]
    public async Task TransactionIsOneReloadWithAllThatItDid()
    {
        const int Transactions = 200;
        var writer = await cluster.ConnectAsync();
        await SetAsync(writer, "/config-2/Shop/Banner", "0");
        await SetAsync(writer, "/config-2/Shop/Discount", "0");
        var client = await cluster.ConnectAsync();
        await using var shop = await ShopApplication.StartAsync(configuration => configuration.AddKeeper(client, "/config-2"));

        for (var i = 1; i <= Transactions; i++)
        {
            var value = Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture));
            await writer.Transaction().SetData("/config-2/Shop/Banner", value).SetData("/config-2/Shop/Discount", value).CommitAsync();
        }

        var reloads = 0;
        for (var last = 0; last < Transactions; reloads++)
        {
            var reload = await NextReloadAsync(shop);
            Assert.Equal(reload.Banner, reload.Discount.ToString(CultureInfo.InvariantCulture));
            Assert.True(reload.Discount > last, $"{reload.Discount} came after {last}.");
            last = reload.Discount;
        }
        Assert.InRange(reloads, 1, Transactions);
        Assert.False(shop.Reloads.TryRead(out _));
    }

    [Fact]
    public async Task LastValuesSurviveALostConnectionAndChangesOfThatTimeArrive()
    {
        await using var restarted = new ScenarioCluster();
        await restarted.InitializeAsync();
        var client = await restarted.ConnectAsync();
        await SetAsync(client, "/config/Shop/Banner", "before");
        await using var shop = await ShopApplication.StartAsync(configuration => configuration.AddKeeper(client, "/config"));

        await restarted.KillSiloAsync();
        Assert.Equal("before 0", await shop.AskAsync());

        await restarted.RestartSiloAsync();
        await SetAsync(await restarted.ConnectAsync(), "/config/Shop/Banner", "after");
        Assert.Equal("after", (await NextReloadAsync(shop)).Banner);
    }

    [Fact]
    public async Task JsonInAZNodeIsASection()
    {
        var client = await cluster.ConnectAsync();
        await SetAsync(client, "/config-3/Shop", """{ "Banner": "Welcome", "Discount": 5, "Currencies": [ "EUR", "CNY" ] }""");
        await using var shop = await ShopApplication.StartAsync(
            configuration => configuration.AddKeeper(client, "/config-3", options => options.ParseJson = true));
        Assert.Equal("Welcome 5", await shop.AskAsync());

        await SetAsync(client, "/config-3/Shop", """{ "Banner": "Sale", "Currencies": [ "CNY" ] }""");
        var reload = await NextReloadAsync(shop);
        Assert.Equal(("Sale", 0), (reload.Banner, reload.Discount));
        Assert.Equal(["CNY"], reload.Currencies);
    }

    [Fact]
    public async Task WhatCannotBeUnderstoodLeavesTheLastValues()
    {
        var log = new RecordingLoggerFactory();
        var client = await cluster.ConnectAsync();
        await SetAsync(client, "/config-4/Shop", """{ "Banner": "good" }""");
        await using var shop = await ShopApplication.StartAsync(configuration => configuration.AddKeeper(client, "/config-4", options =>
        {
            options.ParseJson = true;
            options.LoggerFactory = log;
        }));

        await SetAsync(client, "/config-4/Shop", """{ "Banner": """);
        var complaint = await log.NextAsync().WaitAsync(Patience);
        Assert.Contains("/config-4/Shop", complaint, StringComparison.Ordinal);
        Assert.Equal("good 0", await shop.AskAsync());

        await SetAsync(client, "/config-4/Shop", """{ "Banner": "better" }""");
        Assert.Equal("better", (await NextReloadAsync(shop)).Banner);
    }

    [Fact]
    public async Task ClientIsConnectedAsTheConfigurationBeforeSays()
    {
        await using var silo = await GatewaySilo.StartAsync();
        await using var writer = await KeeperClient.ConnectAsync(silo.Gateways);
        await SetAsync(writer, "/config/app/Shop/Banner", "one");
        await using var shop = await ShopApplication.StartAsync(configuration =>
        {
            configuration["Keeper:Gateways"] = silo.Gateways;
            configuration.AddKeeper("/config/app");
        });
        Assert.Equal("one 0", await shop.AskAsync());

        await SetAsync(writer, "/config/app/Shop/Banner", "two");
        Assert.Equal("two", (await NextReloadAsync(shop)).Banner);
    }

    [Fact]
    public void StartWithoutTheServiceFailsWithASentenceThatSaysWhy()
    {
        using var configuration = new ConfigurationManager();
        configuration["Keeper:Gateways"] = $"127.0.0.1:{GatewaySilo.FindFreePort()}";

        var exception = Assert.Throws<KeeperConfigurationException>(
            () => configuration.AddKeeper("/config/app", options => options.StartTimeout = TimeSpan.FromMilliseconds(500)));

        Assert.Equal("The configuration below /config/app could not be read. The service did not answer within 0.5 s.", exception.Message);
    }

    [Fact]
    public void MissingAddressOfTheServiceIsNamed()
    {
        using var configuration = new ConfigurationManager();

        var exception = Assert.Throws<ArgumentException>(() => configuration.AddKeeper("/config/app"));

        Assert.Contains("Keeper:Gateways", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingZNodeFailsTheStartByItsName()
    {
        var client = await cluster.ConnectAsync();
        using var configuration = new ConfigurationManager();

        var exception = Assert.Throws<KeeperConfigurationException>(() => configuration.AddKeeper(client, "/config-missing"));

        Assert.Contains("There is no znode /config-missing.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OptionalConfigurationArrivesWhenTheServiceDoes()
    {
        var client = await cluster.ConnectAsync();
        await SetAsync(client, "/config-5/Shop/Banner", "late");
        var reachable = new TaskCompletionSource<IKeeperClient>();
        await using var shop = await ShopApplication.StartAsync(configuration => configuration.AddKeeper(
            token => reachable.Task.WaitAsync(token),
            "/config-5",
            options =>
            {
                options.Optional = true;
                options.StartTimeout = TimeSpan.FromMilliseconds(50);
            }));
        Assert.Equal(" 0", await shop.AskAsync());

        reachable.SetResult(client);

        Assert.Equal("late", (await NextReloadAsync(shop)).Banner);
    }

    [Fact]
    public async Task ChangesThatComeFasterThanTheyCanBeReadAreNotTakenOverByHalves()
    {
        const int FastChanges = 300;
        var writer = await cluster.ConnectAsync();
        await SetAsync(writer, "/config-6/Shop/Banner", "0");
        await SetAsync(writer, "/config-6/Shop/Discount", "0");
        var changes = -1;
        var client = HinderedReader.Create(await cluster.ConnectAsync(), ChangeAsync);
        await using var shop = await ShopApplication.StartAsync(configuration => configuration.AddKeeper(client, "/config-6"));
        changes = 0;
        await SetBothAsync(0);

        for (var last = 0; last < FastChanges;)
        {
            var reload = await NextReloadAsync(shop);
            Assert.Equal(reload.Banner, reload.Discount.ToString(CultureInfo.InvariantCulture));
            last = reload.Discount;
        }

        async Task ChangeAsync()
        {
            if (changes >= 0 && Interlocked.Increment(ref changes) is var number && number <= FastChanges)
                await SetBothAsync(number);
        }

        Task SetBothAsync(int number)
        {
            var value = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
            return writer.Transaction().SetData("/config-6/Shop/Banner", value).SetData("/config-6/Shop/Discount", value).CommitAsync();
        }
    }

    private static Task<ShopOptions> NextReloadAsync(ShopApplication shop) => shop.Reloads.ReadAsync().AsTask().WaitAsync(Patience);

    private static async Task SetAsync(IKeeperClient client, string path, string text)
    {
        await client.EnsurePathAsync(path);
        await client.SetTextAsync(path, text);
    }
}
