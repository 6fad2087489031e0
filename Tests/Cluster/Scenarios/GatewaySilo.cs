using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>A silo that clients of other processes reach through a gateway.</summary>
internal sealed class GatewaySilo : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanskeeper-").FullName;
    private readonly int _gatewayPort = FindFreePort();
    private readonly IHost _host;

    private GatewaySilo()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<KeeperOptions>(options => options.DataDirectory = _folder);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FindFreePort(), _gatewayPort).AddKeeper());
        _host = builder.Build();
    }

    public string Gateways => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_gatewayPort}");

    public static async Task<GatewaySilo> StartAsync()
    {
        var silo = new GatewaySilo();
        await silo._host.StartAsync();
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A port on which nobody listens.</summary>
    public static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
