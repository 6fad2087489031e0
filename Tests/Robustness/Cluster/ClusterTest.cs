using System.Diagnostics;
using System.Globalization;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Cluster.Checks;
using OrleansKeeper.Tests.Robustness.Cluster.Faults;
using OrleansKeeper.Tests.Robustness.Cluster.Load;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>A test with a cluster of its own. When it fails it names the command that repeats it.</summary>
[Collection(Alone.Name)]
public abstract class ClusterTest : RobustnessTest
{
    private const int DefaultSilos = 3;
    private const int DefaultSeconds = 10;
    private const int FewestFaults = 3;
    private const int FewestOperations = 500;
    private const int MostReadings = 5;

    private SiloCluster? _cluster;

    private static int SiloCount => EnvironmentSettings.Number(EnvironmentSettings.ClusterSilos) ?? DefaultSilos;

    private static TimeSpan LoadTime => EnvironmentSettings.Seconds(EnvironmentSettings.ClusterSeconds, DefaultSeconds);

    /// <summary>The command that runs the test again.</summary>
    private protected string Repeat => string.Create(
        CultureInfo.InvariantCulture,
        $"{EnvironmentSettings.Seed}={Seed} {EnvironmentSettings.ClusterSeconds}={LoadTime.TotalSeconds} " +
        $"{EnvironmentSettings.ClusterSilos}={SiloCount} " +
        $"dotnet run --project Tests/Robustness -c Release -- --filter-method '*{TestContext.Current.TestMethod?.MethodName}'");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private protected Task<SiloCluster> StartClusterAsync(bool hasNetwork = false, params string[] arguments) =>
        StartClusterAsync(hasNetwork, settings => settings with { Arguments = arguments });

    private protected async Task<SiloCluster> StartClusterAsync(bool hasNetwork, Func<ServerSettings, ServerSettings> configure)
    {
        var started = Stopwatch.GetTimestamp();
        _cluster = await SiloCluster.StartAsync(Folder, SiloCount, hasNetwork, configure);
        foreach (var silo in _cluster.Silos)
            EndWithTest(silo);
        WriteLine($"The cluster served {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s after it was started.");
        return _cluster;
    }

    /// <summary>Loads a cluster while faults befall it, for a time and at least a few, and checks everything that was seen.</summary>
    private protected async Task RunUnderFaultsAsync(bool hasNetwork, params FaultKind[] kinds)
    {
        var cluster = await StartClusterAsync(hasNetwork);
        var schedule = new FaultSchedule(Seed, cluster.Silos.Count, kinds);
        await RunAsync(cluster, async run =>
        {
            var injector = new FaultInjector(cluster, run.History);
            var started = Stopwatch.GetTimestamp();
            while (run.History.Faults.Length < FewestFaults || Stopwatch.GetElapsedTime(started) < LoadTime)
            {
                var fault = schedule.Next();
                await run.MakeProgressAsync(fault.Progress);
                await injector.InjectAsync(fault);
            }
        });
    }

    /// <summary>Loads a cluster while something happens to it, then checks the history and that all silos have the same tree.</summary>
    private protected async Task<ClusterRecord> RunAsync(SiloCluster cluster, Func<ClusterRun, Task> happen)
    {
        var record = await LoadAsync(cluster, happen);
        ClusterChecks.Verify(record, Repeat);
        return record;
    }

    /// <summary>Loads a cluster while something happens to it, and checks nothing.</summary>
    private protected async Task<ClusterRecord> LoadAsync(SiloCluster cluster, Func<ClusterRun, Task> happen)
    {
        await using var run = new ClusterRun(cluster.EndPoints, Seed);
        KeepOnFailure(run.History);
        await run.StartAsync();
        await run.MakeProgressAsync(FewestOperations);
        await happen(run);
        await run.MakeProgressAsync(FewestOperations);
        await run.StopAsync();

        var record = ClusterRecord.Of(run.History, await ReadTreesAsync(cluster, run.History));
        Describe(record);
        return record;
    }

    // Membership may declare a silo dead for votes of a while ago, so also when everything is over.
    private static async Task<Dictionary<string, TreeNode>[]> ReadTreesAsync(SiloCluster cluster, ClusterHistory history)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                return await SiloTrees.ReadAsync(cluster);
            }
            catch (ConnectionLostException) when (i < MostReadings)
            {
                if (!await cluster.RunAgainAsync(history))
                    throw;
            }
        }
    }

    private static void Describe(ClusterRecord record)
    {
        foreach (var fault in record.Faults)
            WriteLine($"{fault}");
        foreach (var end in record.Ends)
            WriteLine($"Ended by itself: {end}");
        WriteLine(
            $"{record.Operations.Length} operations, {record.Operations.Count(operation => !operation.IsAnswered)} answers lost, " +
            $"{record.Connections.Length} connections, {record.Connections.Count(connection => connection.IsAbandoned)} given up, " +
            $"{record.Connections.Sum(connection => connection.Events.Length)} events, {record.Grants.Length} locks, " +
            $"{record.Expiries.Length} sessions expired.");
        var refused = record.Operations.Where(operation => operation.Outcome == Outcome.Refused);
        foreach (var error in refused.CountBy(operation => operation.Error))
            WriteLine($"{error.Key}: {error.Value}");
    }
}
