using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansKeeper.Grains;

namespace OrleansKeeper.ClientSdk.Samples.Common;

/// <summary>The service that a sample uses: the one at <c>--Keeper:Gateways=host:port</c>, or else a silo in this process, on data that
/// goes away with it.</summary>
internal sealed class SampleService : IAsyncDisposable
{
    private readonly string? _gateways;
    private readonly IHost? _silo;
    private readonly string? _folder;

    private SampleService(string gateways)
    {
        _gateways = gateways;
    }

    private SampleService(IHost silo, string folder)
    {
        _silo = silo;
        _folder = folder;
    }

    /// <summary>Finds the service or starts one.</summary>
    /// <exception cref="SampleFailedException">The command line has something else on it.</exception>
    public static async Task<SampleService> StartAsync(string[] args, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();
        if (configuration["Keeper:Gateways"] is { } gateways)
            return new SampleService(gateways);
        if (args.Length > 0)
            throw new SampleFailedException($"\"{string.Join(' ', args)}\" is not understood: there are --once and --Keeper:Gateways=host:port.");

        var folder = Directory.CreateTempSubdirectory("orleanskeeper-sample-").FullName;
        var service = new SampleService(BuildSilo(folder), folder);
        try
        {
            await service._silo!.StartAsync(cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects a client with a session of its own.</summary>
    public async Task<IKeeperClient> ConnectAsync(CancellationToken cancellationToken) =>
        _silo is null
            ? await KeeperClient.ConnectAsync(_gateways!, cancellationToken: cancellationToken)
            : await KeeperClient.ConnectAsync(_silo.Services.GetRequiredService<IClusterClient>(), cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_silo is null)
            return;

        await _silo.StopAsync();
        _silo.Dispose();
        Directory.Delete(_folder!, recursive: true);
    }

    private static IHost BuildSilo(string folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddFilter("Orleans", LogLevel.Error)
            .AddFilter("OrleansKeeper", LogLevel.Warning);
        builder.Services.Configure<KeeperOptions>(options => options.DataDirectory = folder);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FindFreePort(), FindFreePort()).AddKeeper());
        return builder.Build();
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
