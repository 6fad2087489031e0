namespace OrleansKeeper.Benchmarks.Load;

/// <summary>
/// Loads a server with one workload and measures it. It takes little of the machine: one thread serves all sockets, answers and sends
/// in the same step, and allocates nothing per request.
/// </summary>
internal static class LoadGenerator
{
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(30);

    /// <summary>Must run before the first socket is made: makes one thread serve them all, and callbacks run on it.</summary>
    public static void UseOneSocketThread()
    {
        Environment.SetEnvironmentVariable(ThreadCount, "1");
        Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }

    /// <summary>Keeps these settings from a server that is to run with its own.</summary>
    public static void ForgetSocketSettings(IDictionary<string, string?> environment)
    {
        environment.Remove(ThreadCount);
        environment.Remove(InlineCompletions);
    }

    public static async Task<LoadResult> RunAsync(Workload workload, LoadOptions options)
    {
        SetUpConnection.CreateZNodes(options);
        var sockets = Enumerable.Range(0, options.Connections).Select(i => SetUpConnection.OpenSession(options.ServerOf(i))).ToArray();
        var requests = new RequestSource(workload, options);
        var measurement = new LoadMeasurement(options.Seconds);
        var connections = Array.ConvertAll(sockets, socket => new LoadConnection(socket, requests, measurement, options.Depth));
        try
        {
            foreach (var connection in connections)
                connection.Begin();
            await Task.WhenAll(connections.Select(connection => connection.Ended))
                .WaitAsync(TimeSpan.FromSeconds(2 * options.Seconds) + FinishLimit);
        }
        finally
        {
            foreach (var connection in connections)
                connection.Dispose();
        }

        return measurement.Result(workload.Name);
    }
}
