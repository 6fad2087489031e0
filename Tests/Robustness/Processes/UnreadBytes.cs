namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>What the kernel keeps for a process that does not read, as one that is paused.</summary>
internal static class UnreadBytes
{
    private const int StateField = 3;
    private const int QueuesField = 4;
    private const string Established = "01";
    private const string NothingUnread = ":00000000";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when a connection to a local port holds some.</summary>
    public static async Task WaitForAsync(int port)
    {
        using var deadline = new CancellationTokenSource(Limit);
        while (!KernelConnections.OfLocalPort(port).Any(HasUnread))
            await Task.Delay(PollInterval, deadline.Token);
    }

    private static bool HasUnread(string[] fields) =>
        fields[StateField] == Established && !fields[QueuesField].EndsWith(NothingUnread, StringComparison.Ordinal);
}
