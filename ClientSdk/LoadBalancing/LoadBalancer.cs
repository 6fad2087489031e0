using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Servers;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>
/// Spreads requests over the servers that are online: <c>using var chosen = balancer.Select();</c> for each request, whatever protocol it
/// has. Choosing takes no lock and waits for nothing: visits are exchanged with the other clients in the background.
/// </summary>
/// <remarks>
/// A visit is never counted twice. Those whose transaction was on its way when the connection broke may not be counted at all, since nobody knows then
/// whether they were: the counters spread load, and are no account of it.
/// </remarks>
public sealed partial class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan LastExchangeLimit = TimeSpan.FromSeconds(2);

    private readonly ServerDirectory _directory;
    private readonly LoadBalancingOptions _options;
    private readonly IServerSelector _selector;
    private readonly VisitExchange? _visits;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _rebuilding = new();
    private Candidates _candidates = new(null, []);
    private Task _exchanging = Task.CompletedTask;

    private LoadBalancer(IKeeperClient client, ServerDirectory directory, LoadBalancingOptions options, ILogger logger)
    {
        _directory = directory;
        _options = options;
        _logger = logger;
        _selector = options.CreateSelector();
        if (options.Strategy == LoadBalancingStrategy.FewestVisits)
            _visits = new VisitExchange(client, ZNodePath.Append(options.VisitsRoot, ZNodePath.Name(directory.Path)), options);
    }

    /// <summary>Learns which servers there are, and how many visits they have had.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">Below which znode the servers register: <c>/servers/orders</c>.</param>
    /// <param name="options">How a server is chosen.</param>
    /// <param name="logger">Hears of visits that could not be counted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="KeeperException">The service cannot be reached.</exception>
    public static async Task<LoadBalancer> OpenAsync(
        IKeeperClient client,
        string path,
        LoadBalancingOptions? options = null,
        ILogger<LoadBalancer>? logger = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new LoadBalancingOptions();
        options.Validate();
        var directory = await ServerDirectory.OpenAsync(client, path, logger: null, cancellationToken).ConfigureAwait(false);
        var balancer = new LoadBalancer(client, directory, options, logger ?? NullLogger<LoadBalancer>.Instance);
        try
        {
            await balancer.StartAsync(cancellationToken).ConfigureAwait(false);
            return balancer;
        }
        catch
        {
            await balancer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The servers that are online, and how busy they are.</summary>
    public IReadOnlyList<ServerLoad> Servers => Current.Loads;

    /// <summary>Chooses the server for a request.</summary>
    /// <param name="except">Servers that were tried already.</param>
    /// <exception cref="NoServerException">No (other) server is online.</exception>
    public ServerLease Select(IReadOnlyCollection<RegisteredServer>? except = null)
    {
        var loads = Current.Loads;
        if (except is { Count: > 0 })
            loads = [.. loads.Where(load => !except.Contains(load.Server))];
        return loads.Length > 0 ? new ServerLease(loads[_selector.Select(loads)]) : throw new NoServerException(_directory.Path);
    }

    /// <summary>Adds the visits so far to the counters and reads them now, rather than within the next
    /// <see cref="LoadBalancingOptions.ExchangeInterval"/>.</summary>
    /// <returns>False when other clients were faster several times: these visits are added later.</returns>
    public Task<bool> ExchangeVisitsAsync(CancellationToken cancellationToken = default) =>
        _visits is null ? Task.FromResult(true) : _visits.ExchangeAsync(Current.Loads, cancellationToken);

    /// <summary>Adds the last visits to the counters and stops watching.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _exchanging.ConfigureAwait(false);
        if (Current.Loads.Any(load => load.Uncounted > 0))
        {
            using var limit = new CancellationTokenSource(LastExchangeLimit, _options.TimeProvider);
            while (!await TryExchangeAsync(limit.Token).ConfigureAwait(false) && !limit.IsCancellationRequested)
                continue;
        }
        await _directory.DisposeAsync().ConfigureAwait(false);
        _visits?.Dispose();
        _closing.Dispose();
    }

    /// <summary>The servers of the directory's list, each with what was known of it before.</summary>
    private Candidates Current
    {
        get
        {
            var candidates = Volatile.Read(ref _candidates);
            return candidates.List == _directory.Current ? candidates : Rebuild();
        }
    }

    private Candidates Rebuild()
    {
        lock (_rebuilding)
        {
            var list = _directory.Current;
            if (_candidates.List == list)
                return _candidates;

            var known = _candidates.Loads.ToDictionary(load => load.Server.Name, StringComparer.Ordinal);
            var floor = _candidates.Loads.Select(load => load.Visits).DefaultIfEmpty().Min();
            var loads = list.Select(server => known.GetValueOrDefault(server.Name)?.For(server) ?? new ServerLoad(server, floor));
            var candidates = new Candidates(list, [.. loads]);
            Volatile.Write(ref _candidates, candidates);
            return candidates;
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_visits is null)
            return;

        await ExchangeVisitsAsync(cancellationToken).ConfigureAwait(false);
        _exchanging = ExchangeRegularlyAsync();
    }

    private async Task ExchangeRegularlyAsync()
    {
        while (true)
        {
            // Clients that were started together should not all meet at the counters.
            var pause = _options.ExchangeInterval * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(pause, _options.TimeProvider, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_closing.IsCancellationRequested)
                return;

            // A round that has begun comes to its end: of one that is given up it is not known what is counted.
            await TryExchangeAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <returns>Whether to leave it at that: other clients may have been faster.</returns>
    private async Task<bool> TryExchangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ExchangeVisitsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is KeeperException or FormatException)
        {
            LogNotExchanged(exception, _directory.Path);
        }
        catch (OperationCanceledException)
        {
        }
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The visits of the servers below {Path} could not be exchanged with the other clients")]
    private partial void LogNotExchanged(Exception exception, string path);

    private sealed record Candidates(ServerList? List, ServerLoad[] Loads);
}
