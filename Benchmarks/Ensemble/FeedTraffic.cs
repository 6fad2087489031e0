using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansKeeper.Benchmarks.Comparison;

namespace OrleansKeeper.Benchmarks.Ensemble;

/// <summary>What passes between silos, from the kernel's counts of their connections, which <c>ss</c> of iproute2 prints.</summary>
internal static partial class FeedTraffic
{
    /// <summary>The bytes that a silo sent to each of the others so far. Either of two silos may have opened their connection.</summary>
    public static async Task<long> ReadSentAsync(ComparedServer from, IReadOnlyList<ComparedServer> to, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("ss", ["-tniOHp", "state", "established"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("ss was not started.");
        var lines = (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Split('\n');
        await process.WaitForExitAsync(cancellationToken);
        var sent = to.Sum(silo => Count(lines, from, silo, Sent()) + Count(lines, silo, from, Received()));
        return to.Count == 0 ? 0 : sent / to.Count;
    }

    private static long Count(string[] lines, ComparedServer opener, ComparedServer listener, Regex bytes)
    {
        var process = string.Create(CultureInfo.InvariantCulture, $"pid={opener.ProcessId},");
        var port = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{listener.Ports[SiloCommand.SiloPort]} ");
        return lines
            .Where(line => line.Contains(process, StringComparison.Ordinal) && line.Contains(port, StringComparison.Ordinal))
            .Sum(line => bytes.Match(line) is { Success: true } match ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0);
    }

    [GeneratedRegex(@"\bbytes_sent:(\d+)")]
    private static partial Regex Sent();

    [GeneratedRegex(@"\bbytes_received:(\d+)")]
    private static partial Regex Received();
}
