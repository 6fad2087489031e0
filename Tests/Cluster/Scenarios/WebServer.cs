using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.AspNetCore;

namespace OrleansKeeper.Tests.Cluster.Scenarios;

/// <summary>A real server on a port of its own, registered as a server of a service; it answers with its name.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _visits;
    private TaskCompletionSource _open = new();

    private WebServer(IKeeperClient client, string service, string name, Action<WebRegistrationOptions>? configure)
    {
        Name = name;
        _open.SetResult();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(client);
        builder.Services.AddKeeperRegistration(service, options =>
        {
            options.DrainTime = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        });
        _application = builder.Build();
        _application.MapGet("/", async () =>
        {
            Interlocked.Increment(ref _visits);
            await _open.Task;
            return Results.Text(name);
        });
    }

    public string Name { get; }

    public int Port => new Uri(_application.Urls.First()).Port;

    public int Visits => Volatile.Read(ref _visits);

    public static async Task<WebServer> StartAsync(
        IKeeperClient client, string service, string name, Action<WebRegistrationOptions>? configure = null)
    {
        var server = new WebServer(client, service, name, configure);
        await server._application.StartAsync();
        return server;
    }

    /// <summary>Lets requests wait until they are let go.</summary>
    public void HoldRequests() => _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetRequestsGo() => _open.TrySetResult();

    public Task StopAsync() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        LetRequestsGo();
        await _application.DisposeAsync();
    }
}
