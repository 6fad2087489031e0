using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace OrleansKeeper.ClientSdk;

/// <summary>An Orleans client for the use of one <see cref="KeeperClient"/>.</summary>
internal sealed class ClusterClientHost : IAsyncDisposable
{
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly IHost _host;

    private ClusterClientHost(IHost host) => _host = host;

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Makes the client, and waits until it has a gateway or the request timeout is over.</summary>
    public static async Task<ClusterClientHost> StartAsync(
        ServiceAddress address, KeeperClientOptions options, CancellationToken cancellationToken)
    {
        var host = new ClusterClientHost(Build(await address.ResolveAsync(cancellationToken).ConfigureAwait(false), options));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.RequestTimeout);
        try
        {
            await host._host.StartAsync(patience.Token).ConfigureAwait(false);
            return host;
        }
        catch (Exception exception)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new Errors.ConnectionLostException(null, Errors.OperationOutcome.DidNotHappen, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
    }

    private static IHost Build(System.Net.IPEndPoint[] gateways, KeeperClientOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseStaticClustering(gateways)
            .Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            })
            .UseConnectionRetryFilter(RetryAsync)
            .AddKeeper());
        return builder.Build();
    }

    private static async Task<bool> RetryAsync(Exception exception, CancellationToken cancellationToken)
    {
        await Task.Delay(PauseBetweenAttempts, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
