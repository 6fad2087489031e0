using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>A balancer for each service that is asked for, opened when it is first asked for.</summary>
/// <param name="client">The client.</param>
/// <param name="root">The services' parent: <c>/servers</c>.</param>
/// <param name="options">How servers are chosen.</param>
/// <param name="loggers">For what the balancers have to say.</param>
public sealed class LoadBalancers(
    IKeeperClient client,
    string root = ServerPaths.DefaultRoot,
    LoadBalancingOptions? options = null,
    ILoggerFactory? loggers = null) : IAsyncDisposable
{
    private const int MostServices = 1000;

    private readonly ConcurrentDictionary<string, Lazy<Task<LoadBalancer>>> _balancers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The balancer of a service.</summary>
    /// <param name="service">Its name: <c>orders</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentException">The name cannot be a znode's.</exception>
    /// <exception cref="InvalidOperationException">A thousand services were asked for already.</exception>
    /// <exception cref="KeeperException">The service cannot be reached.</exception>
    public async ValueTask<LoadBalancer> GetAsync(string service, CancellationToken cancellationToken = default)
    {
        if (!_balancers.TryGetValue(service, out var balancer))
        {
            if (_balancers.Count >= MostServices)
                throw new InvalidOperationException($"There are balancers for {MostServices} services already; one for \"{service}\" is not opened.");
            var path = ServerPaths.OfService(service, root);
            var logger = loggers?.CreateLogger<LoadBalancer>();
            balancer = _balancers.GetOrAdd(service, _ => new(() => LoadBalancer.OpenAsync(client, path, options, logger)));
        }
        try
        {
            return await balancer.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (balancer.Value.IsFaulted)
        {
            _balancers.TryRemove(KeyValuePair.Create(service, balancer));
            throw;
        }
    }

    /// <summary>Closes all balancers.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var balancer in _balancers.Values)
        {
            await ((Task)balancer.Value).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (balancer.Value.IsCompletedSuccessfully)
                await balancer.Value.Result.DisposeAsync().ConfigureAwait(false);
        }
    }
}
