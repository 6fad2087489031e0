using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Testing;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Clients in applications: of a container, inside a silo, and for a grain.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task GrainFollowsWhatHappensBelowAPath()
    {
        await using var cluster = await KeeperTestCluster.StartAsync(options => options.ConfigureSilo = silo => silo.Services.AddKeeperClient());
        await using var client = await cluster.ConnectAsync();
        await client.CreateAsync("/config");
        var watcher = cluster.ClusterClient.GetGrain<IPathWatcherGrain>("/config");
        await watcher.Watch();
        await client.CreateAsync("/config/a");
        await client.SetTextAsync("/config/a", "x");
        await client.CreateAsync("/elsewhere");

        Assert.Equal(["/config/a", "/config/a"], await watcher.Changed(2));
    }

    [Fact]
    public async Task ApplicationGetsOneClientFromItsContainerAndClosesItWithIt()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        await using (var services = new ServiceCollection()
            .AddSingleton(cluster.ClusterClient)
            .AddKeeperClient(options => options.Chroot = "/app")
            .BuildServiceProvider())
        {
            var client = services.GetRequiredService<IKeeperClient>();
            Assert.Same(client, services.GetRequiredService<KeeperClient>());

            // It waits for nobody: requests wait for the connection.
            Assert.Equal("/app", client.Chroot);
            await client.WithChroot("/").SyncAsync();
            Assert.NotEqual(0, client.Session.Id);
        }
    }

    [Fact]
    public async Task OptionsThatCannotBeStopTheApplicationsStart()
    {
        await RefusesAsync("no Orleans client", _ => { });
        await RefusesAsync("RequestTimeout", options => (options.Gateways, options.RequestTimeout) = ("host", TimeSpan.Zero));
        await RefusesAsync("not a path", options => (options.Gateways, options.Chroot) = ("host", "app"));
        await RefusesAsync("host:port", options => options.Gateways = "host:port");

        static async Task RefusesAsync(string because, Action<KeeperClientOptions> configure)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddKeeperClient(configure);
            using var host = builder.Build();
            var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
            Assert.Contains(because, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ClientThatFindsNobodySaysSo()
    {
        var failure = await Assert.ThrowsAsync<ConnectionLostException>(
            () => KeeperClient.ConnectAsync("127.0.0.1:1", options => options.RequestTimeout = TimeSpan.FromMilliseconds(300)));
        Assert.Equal(OperationOutcome.DidNotHappen, failure.Outcome);
        await Assert.ThrowsAsync<ArgumentException>(() => KeeperClient.ConnectAsync("127.0.0.1:x"));
        await Assert.ThrowsAsync<AuthFailedException>(async () =>
        {
            await using var cluster = await KeeperTestCluster.StartAsync();
            await cluster.ConnectAsync(options => options.Credentials.Add(new KeeperCredential("kerberos", default)));
        });
    }

    [Theory]
    [InlineData("host", "host:30000", null)]
    [InlineData("host:1,other", "host:1 other:30000", null)]
    [InlineData("host:1, other:2/app/x", "host:1 other:2", "/app/x")]
    [InlineData("[::1]:5", "::1:5", null)]
    [InlineData("10.0.0.1/", "10.0.0.1:30000", "/")]
    public void AddressesNameGatewaysAndAChroot(string text, string gateways, string? chroot)
    {
        var address = ServiceAddress.Parse(text);
        Assert.Equal(gateways, string.Join(' ', address.Gateways.Select(gateway => $"{gateway.Host}:{gateway.Port}")));
        Assert.Equal(chroot, address.Chroot);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":1")]
    [InlineData("host:0")]
    [InlineData("host:70000")]
    [InlineData("host,,other")]
    [InlineData("host/app/")]
    public void AddressesThatAreNoneAreRefused(string text) => Assert.ThrowsAny<ArgumentException>(() => ServiceAddress.Parse(text));
}
