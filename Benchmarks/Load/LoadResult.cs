using System.Globalization;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>What a load measured.</summary>
internal sealed record LoadResult(
    string Workload, long Operations, double Seconds, double P50, double P99, double P999, double Most, long Errors, int LastError)
{
    private const double Microsecond = 1_000;

    public double Rate => Operations / Seconds;

    public static string Header { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{"workload",-10} {"ops/s",10} {"p50 us",9} {"p99 us",9} {"p99.9 us",9} {"max us",9} {"errors",7}");

    public static LoadResult Of(string workload, LatencyHistogram latencies, TimeSpan elapsed, long errors, int lastError) => new(
        workload,
        latencies.Count,
        elapsed.TotalSeconds,
        latencies.Quantile(0.5) / Microsecond,
        latencies.Quantile(0.99) / Microsecond,
        latencies.Quantile(0.999) / Microsecond,
        latencies.Largest / Microsecond,
        errors,
        lastError);

    public override string ToString()
    {
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{Workload,-10} {Rate,10:F0} {P50,9:F0} {P99,9:F0} {P999,9:F0} {Most,9:F0} {Errors,7}");
        return Errors == 0 ? line : string.Create(CultureInfo.InvariantCulture, $"{line} (last: {LastError})");
    }
}
