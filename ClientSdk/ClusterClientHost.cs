using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk;

/// <summary>An Orleans client for the use of one <see cref="KeeperClient"/>. Looks for a gateway until it has one or is disposed.</summary>
internal sealed class ClusterClientHost : IAsyncDisposable
{
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly IHost _host;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _starting;
    private Exception? _lastFailure;
    private Task? _disposing;

    private ClusterClientHost(ServiceAddress address, KeeperClientOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client
            .UseStaticClustering(address.Resolve())
            .Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            })
            .Configure<ConnectionOptions>(connection => connection.ConnectionRetryDelay = PauseBetweenAttempts)
            .UseConnectionRetryFilter(RetryAsync)
            .AddKeeper());
        _host = builder.Build();
        _starting = Task.Run(() => _host.StartAsync(_stopping.Token));
    }

    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Makes the client; it connects in the background.</summary>
    public static ClusterClientHost Build(ServiceAddress address, KeeperClientOptions options) => new(address, options);

    /// <summary>Completes when the client has a gateway.</summary>
    /// <exception cref="ConnectionLostException">It found none within this time.</exception>
    public async Task WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await _starting.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new ConnectionLostException(null, OperationOutcome.DidNotHappen, _lastFailure ?? exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_stopping)
            _disposing ??= StopAsync();
        return new ValueTask(_disposing);
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
        _stopping.Dispose();
    }

    private async Task<bool> RetryAsync(Exception exception, CancellationToken cancellationToken)
    {
        _lastFailure = exception;
        await Task.Delay(PauseBetweenAttempts, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
