using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
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

    /// <summary>The services inside the silo.</summary>
    /// <exception cref="InvalidOperationException">No silo runs.</exception>
    public IServiceProvider SiloServices => Cluster.Silos is [var silo, ..]
        ? silo.ServiceProvider
        : throw new InvalidOperationException("No silo of the test cluster runs.");

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
        SiloServices.GetRequiredService<ClientSessionTable>().CloseConnectionOf(client.Session.Id);
        return Task.CompletedTask;
    }

    /// <summary>Ends the silo without a word to its clients. There is one: the service is gone until <see cref="RestartSiloAsync"/>.</summary>
    public Task KillSiloAsync() => Cluster.KillSiloAsync(Cluster.Silos[0]);

    /// <summary>Starts a silo on the cluster's data, first ending the one that runs in good order.</summary>
    public async Task RestartSiloAsync()
    {
        if (Cluster.Silos is [var running, ..])
            await Cluster.StopSiloAsync(running).ConfigureAwait(false);
        await Cluster.StartAdditionalSiloAsync().ConfigureAwait(false);
        await WaitUntilReachableAsync().ConfigureAwait(false);
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

    private async Task DeployAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.Configure<KeeperOptions>(options =>
            {
                options.DataDirectory = DataDirectory;
                options.TickTime = 100;
            });
            silo.Services.Configure<KeeperOptions>(_options.ConfigureKeeper);
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
