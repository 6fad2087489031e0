using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Testing;

/// <summary>
/// The whole service in the process of a test: <c>await using var cluster = await KeeperTestCluster.StartAsync();</c>. Each cluster has a folder of its
/// own for its data, which goes with it. Sessions expire, connections are dropped and silos are killed by one call each.
/// </summary>
public sealed class KeeperTestCluster : IAsyncDisposable
{
    private static readonly TimeSpan ReconnectLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(20);

    private readonly KeeperTestClusterOptions _options;
    private readonly List<KeeperClient> _clients = [];
    private SharedSqliteStorage? _sharedStorage;
    private InProcessTestCluster? _cluster;

    private KeeperTestCluster(KeeperTestClusterOptions options)
    {
        _options = options;
        DataDirectory = Directory.CreateTempSubdirectory("orleanskeeper-").FullName;
    }

    /// <summary>The folder with the service's data.</summary>
    public string DataDirectory { get; }

    /// <summary>The Orleans client of the cluster, for calls to grains. It stays when silos come and go.</summary>
    public IClusterClient ClusterClient => Cluster.Client;

    /// <summary>The services inside the first silo.</summary>
    /// <exception cref="InvalidOperationException">No silo runs.</exception>
    public IServiceProvider SiloServices => ServicesOf(0);

    /// <summary>Number of silos that run.</summary>
    public int SiloCount => Cluster.Silos.Count;

    private InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The test cluster was not started.");

    /// <summary>Starts the service.</summary>
    /// <param name="configure">Sets what is not to be as <see cref="KeeperTestClusterOptions"/> has it.</param>
    public static async Task<KeeperTestCluster> StartAsync(Action<KeeperTestClusterOptions>? configure = null)
    {
        var options = new KeeperTestClusterOptions();
        configure?.Invoke(options);
        var cluster = new KeeperTestCluster(options);
        try
        {
            await cluster.DeployAsync().ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Connects a client with a session of its own. It is disposed with the cluster, if not before.</summary>
    /// <param name="configure">Sets what is not to be as <see cref="KeeperClientOptions"/> has it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<KeeperClient> ConnectAsync(Action<KeeperClientOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new KeeperClientOptions();
        configure?.Invoke(options);
        var client = await KeeperClient.ConnectAsync(ClusterClient, options, cancellationToken).ConfigureAwait(false);
        lock (_clients)
            _clients.Add(client);
        return client;
    }

    /// <summary>Has the service expire a client's session, as if nothing had been heard from the client; returns when it is done.</summary>
    public Task ExpireSessionAsync(IKeeperClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var submitQueue = SiloServices.GetRequiredService<SubmitQueue>();
        return SessionlessRequest.Submit(submitQueue, OpCode.CloseSession, [], client.Session.Id).Transaction;
    }

    /// <summary>
    /// Cuts a client's connection, as a network would: what was on the way is not answered, and the client has to come back for its session.
    /// </summary>
    public Task DropConnectionAsync(IKeeperClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        foreach (var silo in Cluster.Silos)
            silo.ServiceProvider.GetRequiredService<ClientSessionTable>().CloseConnectionOf(client.Session.Id);
        return Task.CompletedTask;
    }

    /// <summary>The services inside a silo.</summary>
    /// <param name="silo">Which of those that run, from 0 on.</param>
    /// <exception cref="InvalidOperationException">There is no such silo.</exception>
    public IServiceProvider ServicesOf(int silo) => SiloAt(silo).ServiceProvider;

    /// <summary>
    /// Ends a silo without a word to anybody. The others go on; after the last one the service is gone until <see cref="AddSiloAsync"/> or
    /// <see cref="RestartSiloAsync"/>.
    /// </summary>
    /// <param name="silo">Which of those that run, from 0 on.</param>
    public Task KillSiloAsync(int silo = 0) => Cluster.KillSiloAsync(SiloAt(silo));

    /// <summary>Ends a silo in good order: what it was at is handed over to another one.</summary>
    /// <param name="silo">Which of those that run, from 0 on.</param>
    public Task StopSiloAsync(int silo = 0) => Cluster.StopSiloAsync(SiloAt(silo));

    /// <summary>Starts one more silo on the cluster's data; returns when it serves.</summary>
    public async Task AddSiloAsync()
    {
        await Cluster.StartAdditionalSiloAsync().ConfigureAwait(false);
        await WaitUntilReachableAsync().ConfigureAwait(false);
    }

    /// <summary>Starts a silo on the cluster's data, first ending the first one that runs in good order.</summary>
    public async Task RestartSiloAsync()
    {
        if (Cluster.Silos is [var running, ..])
            await Cluster.StopSiloAsync(running).ConfigureAwait(false);
        await AddSiloAsync().ConfigureAwait(false);
    }

    /// <summary>Ends everything and removes the data.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync().ConfigureAwait(false);
        if (_cluster is { } cluster)
        {
            await cluster.StopAllSilosAsync().ConfigureAwait(false);
            await cluster.DisposeAsync().ConfigureAwait(false);
        }

        _sharedStorage?.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>Orleans' client takes a moment to notice that a silo is there again; calls of the test's own need not fail until then.</summary>
    private async Task WaitUntilReachableAsync()
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await ClusterClient.GetZNode(ZNodePath.Root).Get().ConfigureAwait(false);
                return;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(started) < ReconnectLimit)
            {
                await Task.Delay(PauseBetweenAttempts).ConfigureAwait(false);
            }
        }
    }

    private InProcessSiloHandle SiloAt(int silo) => silo >= 0 && silo < Cluster.Silos.Count
        ? Cluster.Silos[silo]
        : throw new InvalidOperationException($"There is no silo {silo}: {Cluster.Silos.Count} silos of the test cluster run.");

    private async Task DeployAsync()
    {
        // One silo has its files for itself, and opens them again when it is started again, as a process does.
        if (_options.Silos > 1)
            _sharedStorage = new SharedSqliteStorage(DataDirectory, NullLoggerFactory.Instance);
        var builder = new InProcessTestClusterBuilder((short)_options.Silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.Configure<KeeperOptions>(options =>
            {
                options.DataDirectory = DataDirectory;
                options.TickTime = 100;
            });
            silo.Services.Configure<KeeperOptions>(_options.ConfigureKeeper);
            if (_sharedStorage is { } storage)
                silo.Services.AddSharedSqliteStorage(storage);
            silo.AddKeeper();
            _options.ConfigureSilo(silo);
        });
        builder.ConfigureClient(client =>
        {
            client.Configure<ConnectionOptions>(connection => connection.ConnectionRetryDelay = PauseBetweenAttempts);
            client.AddKeeper();
            _options.ConfigureClient(client);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync().ConfigureAwait(false);
    }
}
