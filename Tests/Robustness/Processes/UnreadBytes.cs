using System.Globalization;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>What the kernel keeps for a process that does not read, as one that is paused.</summary>
internal static class UnreadBytes
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when a connection to a port of the loopback address holds some.</summary>
    public static async Task WaitForAsync(int port)
    {
        using var deadline = new CancellationTokenSource(Limit);
        while (!(await File.ReadAllLinesAsync("/proc/net/tcp", deadline.Token)).Skip(1).Any(line => HasUnread(line, port)))
            await Task.Delay(PollInterval, deadline.Token);
    }

    // Its number, the local and the remote address, the state, then the bytes not yet sent and those not yet read: all hexadecimal.
    private static bool HasUnread(string line, int port)
    {
        const string Established = "01";
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields[1].EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port:X4}"), StringComparison.Ordinal)
            && fields[3] == Established
            && !fields[4].EndsWith(":00000000", StringComparison.Ordinal);
    }
}
