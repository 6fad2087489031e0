using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.Connections;
using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk;

/// <content>Ways to get a client.</content>
public sealed partial class KeeperClient
{
    /// <summary>Connects to the service, with an Orleans client of its own that goes with the result.</summary>
    /// <param name="gateways">
    /// <c>host:port[,host:port]…[/chroot]</c>: the silos' Orleans gateways, port 30000 unless given, and the path to see as the root.
    /// </param>
    /// <param name="configure">Sets what is not to be as <see cref="KeeperClientOptions"/> has it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ConnectionLostException">No silo could be reached within <see cref="KeeperClientOptions.RequestTimeout"/>.</exception>
    /// <exception cref="AuthFailedException">The service does not accept the credentials.</exception>
    public static async Task<KeeperClient> ConnectAsync(
        string gateways, Action<KeeperClientOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(gateways);
        var options = new KeeperClientOptions { Gateways = gateways };
        configure?.Invoke(options);
        options.Check();
        var address = ServiceAddress.Parse(options.Gateways);
        var host = await Task.Run(() => ClusterClientHost.Build(address, options), cancellationToken).ConfigureAwait(false);
        try
        {
            await host.WaitAsync(options.RequestTimeout, cancellationToken).ConfigureAwait(false);
            return await ConnectAsync(host.Client, options, address.Chroot ?? options.Chroot, host, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Connects over an Orleans client that the application has: one that was made with <c>AddKeeper</c>, or a silo's own, for code inside the silo.
    /// </summary>
    /// <param name="cluster">The Orleans client. It stays when the result is disposed.</param>
    /// <param name="options">How the client behaves; <see cref="KeeperClientOptions.Gateways"/> is not looked at.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ConnectionLostException">No silo could be reached within <see cref="KeeperClientOptions.RequestTimeout"/>.</exception>
    /// <exception cref="AuthFailedException">The service does not accept the credentials.</exception>
    public static Task<KeeperClient> ConnectAsync(
        IClusterClient cluster, KeeperClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        options ??= new KeeperClientOptions();
        options.Check();

        // Not on the scheduler of a grain that calls: what a client does in the background is no grain's.
        return Task.Run(() => ConnectAsync(cluster, options, options.Chroot, owned: null, cancellationToken), cancellationToken);
    }

    internal static KeeperClient Start(IClusterClient cluster, KeeperClientOptions options, string chroot, IAsyncDisposable? owned)
    {
        // What the client does in the background belongs to no request of its caller's.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        var services = cluster.ServiceProvider;
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger(typeof(KeeperClient).FullName!);
        var connection = new KeeperConnection(
            cluster,
            options,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        return new KeeperClient(connection, ChrootPath.Check(chroot), owned ?? NothingOwned.Instance);
    }

    private static async Task<KeeperClient> ConnectAsync(
        IClusterClient cluster, KeeperClientOptions options, string chroot, IAsyncDisposable? owned, CancellationToken cancellationToken)
    {
        var client = Start(cluster, options, chroot, owned);
        try
        {
            await client._connection.WaitUntilConnectedAsync(cancellationToken)
                .WaitAsync(options.RequestTimeout, CancellationToken.None).ConfigureAwait(false);
            return client;
        }
        catch (Exception exception)
        {
            await client._connection.DisposeAsync().ConfigureAwait(false);
            if (exception is TimeoutException)
                throw new ConnectionLostException(null, OperationOutcome.DidNotHappen, exception);
            throw;
        }
    }

    private sealed class NothingOwned : IAsyncDisposable
    {
        public static readonly NothingOwned Instance = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
