using System.Globalization;
using OrleansKeeper.Benchmarks.Comparison;
using OrleansKeeper.Tests.Databases;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary>Silos of this repository's Release build with a PostgreSQL of their own, and what they cost.</summary>
internal sealed class SiloCluster : ComparedEnsemble
{
    private readonly PostgreSqlServer _database;
    private readonly int _databaseProcess;

    private SiloCluster(ComparedServer[] servers, int leader, PostgreSqlServer database, int databaseProcess)
        : base(servers, leader)
    {
        _database = database;
        _databaseProcess = databaseProcess;
    }

    public static async Task<SiloCluster> StartAsync(int count, CancellationToken cancellationToken)
    {
        var database = await PostgreSqlServer.StartAsync();
        var servers = await Task.WhenAll(TakePorts(count).Select(ports => ComparedServer.StartAsync(
            (folder, given) => SiloCommand.CreateOfCluster(folder, given, database.ConnectionString), ports, cancellationToken)));
        var leader = await ServerStatus.FindLeaderAsync(servers, cancellationToken);
        var process = await database.ExecuteAsync(@"SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)");
        return new SiloCluster(servers, leader, database, int.Parse((string)process!, CultureInfo.InvariantCulture));
    }

    /// <summary>The silo that orders the writes now; it moves to where most of them come from.</summary>
    public async Task<ComparedServer> FindSequencerAsync(CancellationToken cancellationToken) =>
        Servers[await ServerStatus.FindLeaderAsync(Servers, cancellationToken)];

    /// <summary>What was used so far.</summary>
    public async Task<ClusterUsage> ReadUsageAsync(ComparedServer sequencer, CancellationToken cancellationToken)
    {
        ComparedServer[] others = [.. Servers.Where(silo => silo != sequencer && silo != Asked)];
        return new ClusterUsage(
            (await ServerStatus.AskAsync(sequencer.EndPoint, cancellationToken)).Zxid,
            sequencer.ProcessorTime,
            sequencer == Asked ? null : Asked.ProcessorTime,
            others.Aggregate(TimeSpan.Zero, (sum, silo) => sum + silo.ProcessorTime) / Math.Max(1, others.Length),
            ProcessTree.ProcessorTimeOf(_databaseProcess),
            await FeedTraffic.ReadSentAsync(sequencer, others, cancellationToken));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
    }
}
