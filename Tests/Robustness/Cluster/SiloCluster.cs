using System.Globalization;
using System.Net;
using Npgsql;
using OrleansKeeper.Tests.Databases;
using OrleansKeeper.Tests.Ports;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Cluster.Networks;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>
/// Several silos, each a process of its own, on one real PostgreSQL. With a network between them that can be cut and stalled, if asked
/// for. In its place there may be an ensemble of ZooKeeper, which checks the tests themselves.
/// </summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private const int MostEnds = 5;

    private readonly List<SiloProcess> _silos = [];

    private SiloCluster()
    {
    }

    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>Where clients reach the silos.</summary>
    public IPEndPoint[] EndPoints => [.. _silos.Select(silo => silo.EndPoint)];

    /// <summary>The database; null for ZooKeeper.</summary>
    public PostgreSqlServer? Database { get; private set; }

    /// <summary>What is between the silos and the database; null if it was not asked for.</summary>
    public ClusterNetwork? Network { get; private set; }

    /// <summary>Starts the database and all silos at once; returns when all serve.</summary>
    /// <param name="folder">Where they keep their data.</param>
    /// <param name="silos">How many.</param>
    /// <param name="hasNetwork">Whether there is a network between them that can be disturbed.</param>
    /// <param name="configure">What is special about each of them.</param>
    public static async Task<SiloCluster> StartAsync(
        string folder, int silos, bool hasNetwork, Func<ServerSettings, ServerSettings> configure)
    {
        var cluster = new SiloCluster();
        try
        {
            await cluster.PrepareAsync(folder, silos, hasNetwork, configure);
            await cluster.StartAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts all silos at once, first or again; returns when all serve.</summary>
    public Task StartAllAsync() => Task.WhenAll(_silos.Select(silo => silo.StartAsync()));

    /// <summary>
    /// Starts those again that ended by themselves, as whoever supervises them does, and writes down which; returns when all serve. Whether
    /// any had ended.
    /// </summary>
    public async Task<bool> RunAgainAsync(ClusterHistory history)
    {
        var hadEnded = await Task.WhenAll(Enumerable.Range(0, _silos.Count).Select(silo => RunAgainAsync(silo, history)));
        return hadEnded.Contains(true);
    }

    /// <summary>Which silo says that it orders; null when none does.</summary>
    public async Task<int?> FindSequencerAsync()
    {
        var answers = await Task.WhenAll(_silos.Select(AskAsync));
        var sequencer = Array.FindIndex(answers, answer => answer?.Contains("Mode: leader", StringComparison.Ordinal) == true);
        return sequencer < 0 ? null : sequencer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
            await silo.DisposeAsync();
        Network?.Dispose();
        if (Database is not null)
            await Database.DisposeAsync();
    }

    private static Task<string?> AskAsync(SiloProcess silo) =>
        silo.IsRunning && !silo.IsPaused ? FourLetterWord.AskAsync(silo.EndPoint, "srvr") : Task.FromResult<string?>(null);

    private async Task<bool> RunAgainAsync(int number, ClusterHistory history)
    {
        var silo = _silos[number];
        for (var ends = 0; ; ends++)
        {
            try
            {
                await (ends == 0 ? silo.WaitUntilServesAsync() : silo.StartAsync());
                return ends > 0;
            }
            catch (ServerEndedException) when (ends < MostEnds)
            {
                history.Add(SiloEnd.Of(number, history.Operations.Tick(), silo.Output.SinceStart()));
            }
        }
    }

    private async Task PrepareAsync(string folder, int count, bool hasNetwork, Func<ServerSettings, ServerSettings> configure)
    {
        var ports = FreePorts.Take(count * (ServerSettings.PortCount + 1)).Chunk(ServerSettings.PortCount + 1).ToArray();
        var settings = Array.ConvertAll(ports, own => configure(new ServerSettings(
            Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"data-{own[0]}")), own[..ServerSettings.PortCount])));
        if (ServerKind.UnderTest is ZooKeeperKind)
            _silos.AddRange(settings.Select(own => new SiloProcess(own with { Cluster = settings })));
        else
        {
            Database = await PostgreSqlServer.StartAsync();
            var listeningPorts = Array.ConvertAll(ports, own => own[^1]);
            if (hasNetwork)
                Network = new ClusterNetwork(Array.ConvertAll(ports, own => own[2]), listeningPorts, Database.Port, ProcessOf);
            _silos.AddRange(settings.Select((own, silo) => new SiloProcess(own with
            {
                Arguments = [.. Arguments(silo, listeningPorts[silo]), .. own.Arguments],
            })));
        }
    }

    private int? ProcessOf(int silo) => _silos[silo].IsRunning ? _silos[silo].ProcessId : null;

    private IEnumerable<string> Arguments(int silo, int listeningPort)
    {
        var database = new NpgsqlConnectionStringBuilder(Database!.ConnectionString);
        if (Network is not null)
        {
            database.Port = Network.DatabasePorts[silo];
            var listening = new IPEndPoint(IPAddress.Loopback, listeningPort);
            yield return $"--Orleans:Endpoints:SiloListeningEndpoint={listening}";
        }

        yield return "--environment=Cluster";
        yield return "--Keeper:ClientAddress=127.0.0.1";
        yield return "--Orleans:Endpoints:AdvertisedIPAddress=127.0.0.1";
        yield return $"--ConnectionStrings:Keeper={database.ConnectionString}";
    }
}
