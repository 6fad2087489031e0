using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansKeeper.Benchmarks.Failover;

/// <summary>A line of <c>cluster.sh status</c>.</summary>
/// <param name="Number">Which silo.</param>
/// <param name="ProcessId">Its process; null while it has none.</param>
/// <param name="Port">Where clients connect.</param>
/// <param name="State">serving, starting, paused or stopped.</param>
/// <param name="IsSequencer">Whether it orders.</param>
internal sealed partial record SiloStatus(int Number, int? ProcessId, int Port, string State, bool IsSequencer)
{
    public static SiloStatus Parse(string line)
    {
        if (Line().Match(line) is not { Success: true } match)
            throw new FormatException($"'{line}' is not a line of cluster.sh status.");

        var process = match.Groups["pid"].Value;
        return new SiloStatus(
            Number(match.Groups["number"].Value),
            process == "-" ? null : Number(process),
            Number(match.Groups["port"].Value),
            match.Groups["state"].Value,
            match.Groups["sequencer"].Value == "yes");

        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(?<number>\d+) pid=(?<pid>\d+|-) port=(?<port>\d+) state=(?<state>\w+) sequencer=(?<sequencer>yes|no)$")]
    private static partial Regex Line();
}
