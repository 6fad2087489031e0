using System.Globalization;
using OrleansKeeper.Benchmarks.Comparison;
using OrleansKeeper.Benchmarks.Load;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary>
/// Drives both ensembles with the same loads, in rounds that alternate, as <see cref="ServerComparison"/> does with single servers. Ours is
/// asked how much it used in each.
/// </summary>
internal sealed class EnsembleComparison(ComparedEnsemble zooKeeper, SiloCluster silos, int rounds, double seconds)
{
    /// <summary>Both compile while they run, for about so long with each workload; with so many processes on a machine that shows.</summary>
    private const double WarmUpSeconds = 3;

    private readonly List<string> _usages = [];

    /// <summary>What each transaction of the workloads that write took.</summary>
    public IReadOnlyList<string> Usages => _usages;

    public async Task WarmUpAsync()
    {
        foreach (var ensemble in new[] { zooKeeper, silos })
        {
            foreach (var work in ComparedWorkload.OfEnsembles)
                await LoadGenerator.RunAsync(Workload.Parse(work.Workload), work.Options(ensemble.EndPoints(true), WarmUpSeconds, "/warm"));
        }
    }

    /// <summary>Measures a workload with the clients on one server, or spread over all; returns the row to print.</summary>
    public async Task<string> MeasureAsync(ComparedWorkload work, bool areSpread, CancellationToken cancellationToken)
    {
        var theirs = new LoadResult[rounds];
        var ours = new LoadResult[rounds];
        var name = work.Name + (areSpread ? " spread" : " on one");
        for (var round = 0; round < rounds; round++)
        {
            theirs[round] = await MeasureAsync(work, zooKeeper, areSpread, round);
            var sequencer = await silos.FindSequencerAsync(cancellationToken);
            var before = await silos.ReadUsageAsync(sequencer, cancellationToken);
            ours[round] = await MeasureAsync(work, silos, areSpread, round);
            var usage = (await silos.ReadUsageAsync(sequencer, cancellationToken)).Since(before);
            if (round == rounds - 1
                && Workload.Parse(work.Workload).Kind is WorkloadKind.SetData or WorkloadKind.Create
                && await silos.FindSequencerAsync(cancellationToken) == sequencer)
            {
                _usages.Add(usage.Row(name));
            }
        }

        return ServerComparison.Row(name, theirs, ours);
    }

    private async Task<LoadResult> MeasureAsync(ComparedWorkload work, ComparedEnsemble ensemble, bool areSpread, int round)
    {
        var root = string.Create(CultureInfo.InvariantCulture, $"/{work.Name}-{(areSpread ? "spread" : "one")}-{round}");
        var result = await LoadGenerator.RunAsync(Workload.Parse(work.Workload), work.Options(ensemble.EndPoints(areSpread), seconds, root));
        return result.Errors == 0
            ? result
            : throw new InvalidOperationException($"{root[1..]}: {result.Errors} requests failed, the last with {result.LastError}.");
    }
}
