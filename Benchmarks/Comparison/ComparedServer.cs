using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansKeeper.Benchmarks.Load;
using OrleansKeeper.Tests.Ports;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary>A server process with a folder of its own, both gone when it is disposed of.</summary>
internal sealed class ComparedServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly string _folder;

    private ComparedServer(Process process, string folder, int[] ports)
    {
        _process = process;
        _folder = folder;
        Ports = ports;
        EndPoint = new IPEndPoint(IPAddress.Loopback, ports[0]);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The ports that it was given, in the order of its command.</summary>
    public int[] Ports { get; }

    public int ProcessId => _process.Id;

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static Task<ComparedServer> StartAsync(Func<string, int[], ProcessStartInfo> command, CancellationToken cancellationToken) =>
        StartAsync(command, FreePorts.Take(SiloCommand.PortCount), cancellationToken);

    /// <summary>Starts a server on ports that others have been told of.</summary>
    public static async Task<ComparedServer> StartAsync(
        Func<string, int[], ProcessStartInfo> command, int[] ports, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("keeper-comparison-").FullName;
        var start = command(folder, ports);
        LoadGenerator.ForgetSocketSettings(start.Environment);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} was not started.");
        var server = new ComparedServer(process, folder, ports);
        try
        {
            await server.WaitUntilListensAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilListensAsync(CancellationToken cancellationToken)
    {
        var output = new List<string?>();
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StartLimit && !_process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(EndPoint, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }

        lock (output)
            throw new InvalidOperationException($"{_process.StartInfo.FileName} does not listen. It wrote:\n{string.Join('\n', output)}");

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (output)
                output.Add(line.Data);
        }
    }
}
