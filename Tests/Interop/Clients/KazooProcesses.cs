using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>Clients' processes that live until the test ends, Python's mostly.</summary>
public sealed class KazooProcesses : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];

    public Process Start(string script, params IEnumerable<string> arguments) =>
        StartProgram(KazooTests.Python, [ClientProcess.SourceFile("Kazoo", script), .. arguments]);

    public Process StartProgram(string file, params IEnumerable<string> arguments)
    {
        var process = ClientProcess.Start(file, arguments);
        _processes.Add(process);
        return process;
    }

    /// <summary>Returns when the server is registered.</summary>
    public async Task<Process> StartServerAsync(string hosts, string address, string path, TimeSpan sessionTimeout)
    {
        var seconds = sessionTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var process = Start("server.py", hosts, address, path, seconds);
        Assert.StartsWith($"registered {address} as {path}/server-", await ReadLineAsync(process), StringComparison.Ordinal);
        return process;
    }

    /// <summary>The next line that the process prints; its complaints if it ended instead.</summary>
    public static async Task<string> ReadLineAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await process.StandardOutput.ReadLineAsync(limit.Token)
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(limit.Token));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
