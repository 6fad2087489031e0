using System.Globalization;
using System.Net;
using OrleansKeeper.Benchmarks.Load;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary>
/// Drives both servers with the same loads. Rounds alternate, so that a drift of the machine meets both; what to quote is the ratio.
/// Both servers keep their defaults, so both have every acknowledged write on disk.
/// </summary>
internal sealed class ServerComparison(IPEndPoint zooKeeper, IPEndPoint silo, int rounds, double seconds)
{
    private const double WarmUpSeconds = 1.5;

    private static readonly ComparedWorkload[] WarmUps = [.. ComparedWorkload.All.Where(work => work.Name is "get" or "set" or "create")];

    public static string Header { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{"workload",-16} {"ZooKeeper/s",12} {"ours/s",10} {"ratio",6}   {"p50 us",15} {"p99 us",17}");

    public async Task WarmUpAsync()
    {
        foreach (var server in new[] { zooKeeper, silo })
        {
            foreach (var work in WarmUps)
                await LoadGenerator.RunAsync(Workload.Parse(work.Workload), work.Options([server], WarmUpSeconds, "/warm"));
        }
    }

    public async Task<string> MeasureAsync(ComparedWorkload work)
    {
        var theirs = new LoadResult[rounds];
        var ours = new LoadResult[rounds];
        for (var round = 0; round < rounds; round++)
        {
            theirs[round] = await MeasureAsync(work, zooKeeper, round);
            ours[round] = await MeasureAsync(work, silo, round);
        }

        return Row(work.Name, theirs, ours);
    }

    /// <summary>A line below <see cref="Header"/>, of medians.</summary>
    public static string Row(string name, LoadResult[] theirs, LoadResult[] ours)
    {
        var (theirRate, ourRate) = (Median(theirs, result => result.Rate), Median(ours, result => result.Rate));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-16} {theirRate,12:F0} {ourRate,10:F0} {ourRate / theirRate,6:F2}   " +
            $"{Median(theirs, result => result.P50),7:F0} /{Median(ours, result => result.P50),6:F0} " +
            $"{Median(theirs, result => result.P99),8:F0} /{Median(ours, result => result.P99),7:F0}");
    }

    private async Task<LoadResult> MeasureAsync(ComparedWorkload work, IPEndPoint server, int round)
    {
        var root = string.Create(CultureInfo.InvariantCulture, $"/{work.Name}-{round}");
        var result = await LoadGenerator.RunAsync(Workload.Parse(work.Workload), work.Options([server], seconds, root));
        return result.Errors == 0
            ? result
            : throw new InvalidOperationException(
                $"{work.Name} on {server}: {result.Errors} requests failed, the last with {result.LastError}.");
    }

    private static double Median(LoadResult[] results, Func<LoadResult, double> value)
    {
        var sorted = results.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
