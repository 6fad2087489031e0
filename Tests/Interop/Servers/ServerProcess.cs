using System.Diagnostics;
using System.Net;
using System.Text;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>
/// A coordination server as a process of its own, in a folder of its own. The folder with data and log goes away with the
/// process, unless <see cref="KeepLogs"/> was called or the server ended by itself. The server ends with the process that started it,
/// however that ends.
/// </summary>
public abstract class ServerProcess : IAsyncDisposable
{
    /// <summary>Runs a command and passes on the signals whose names come on the input; at its end the command is killed.</summary>
    private const string PassingSignals = """
        exec 3<&0
        "$@" 3<&- </dev/null & server=$!
        echo $server >server.pid
        (while read -r signal; do kill -"$signal" $server; done; kill -KILL $server) <&3 2>/dev/null & passing=$!
        wait $server
        status=$?
        kill $passing
        exit $status
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly StreamWriter _log;
    private Process? _process;
    private bool _keepLogs;

    protected ServerProcess(string name, int clientPort)
    {
        Name = name;
        EndPoint = new IPEndPoint(IPAddress.Loopback, clientPort);
        _folder = Directory.CreateTempSubdirectory($"keeper-interop-{name}-").FullName;
        _log = new StreamWriter(Path.Combine(_folder, "server.log")) { AutoFlush = true };
    }

    public string Name { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>As clients write it in a connect string.</summary>
    public string ConnectString => EndPoint.ToString();

    /// <summary>True if the server follows the newer behaviour (3.9) where Debian's 3.8.0 differs.</summary>
    public abstract bool IsOurs { get; }

    protected string DataFolder => Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;

    public void KeepLogs() => _keepLogs = true;

    /// <summary>Where the log is, for the message of a failed test.</summary>
    public string LogPath => Path.Combine(_folder, "server.log");

    /// <summary>Starts the server, first or again, and returns when it serves.</summary>
    public async Task StartAsync()
    {
        var command = Command();
        var start = new ProcessStartInfo("sh", ["-c", PassingSignals, command.FileName, command.FileName, .. command.ArgumentList])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Log(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilServingAsync(_process);
    }

    /// <summary>Asks the server to end, as an administrator does, and returns when it has; <see cref="StartAsync"/> starts it again.</summary>
    public async Task TerminateAsync()
    {
        var process = Running;
        await SignalAsync("TERM");
        using var limit = new CancellationTokenSource(EndLimit);
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
        _process = null;
    }

    /// <summary>Returns when the server stands still, and its connections with it.</summary>
    public async Task PauseAsync()
    {
        await SignalAsync("STOP");
        var id = (await File.ReadAllTextAsync(Path.Combine(_folder, "server.pid"))).Trim();
        using var limit = new CancellationTokenSource(EndLimit);
        while (!await IsStoppedAsync(id, limit.Token))
            await Task.Yield();
    }

    /// <summary>Ends <see cref="PauseAsync"/>.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Sends a four-letter word and returns all that comes back.</summary>
    public async Task<string> FourLetterWordAsync(string word, CancellationToken cancellationToken = default)
    {
        using var connection = await RawConnection.OpenAsync(EndPoint, cancellationToken);
        await connection.SendBytesAsync(Encoding.ASCII.GetBytes(word), cancellationToken);
        return Encoding.UTF8.GetString(await connection.ReceiveToEndAsync(cancellationToken));
    }

    /// <summary>What srvr says: standalone, leader or follower.</summary>
    public async Task<string?> ModeAsync(CancellationToken cancellationToken = default)
    {
        const string Prefix = "Mode: ";
        var lines = (await FourLetterWordAsync("srvr", cancellationToken)).Split('\n');
        return lines.FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..];
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (_process.HasExited)
                _keepLogs = true;
            else
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }
        await _log.DisposeAsync();
        if (!_keepLogs && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected abstract ProcessStartInfo Command();

    private Process Running => _process ?? throw new InvalidOperationException($"{Name} was not started.");

    private static async Task<bool> IsStoppedAsync(string processId, CancellationToken cancellationToken) =>
        (await File.ReadAllLinesAsync($"/proc/{processId}/status", cancellationToken)).Any(line => line.StartsWith("State:\tT", StringComparison.Ordinal));

    private async Task SignalAsync(string signal)
    {
        await Running.StandardInput.WriteLineAsync(signal);
        await Running.StandardInput.FlushAsync();
    }

    private void Log(string? line)
    {
        if (line is null)
            return;
        lock (_log)
        {
            if (_log.BaseStream is not null)
                _log.WriteLine(line);
        }
    }

    private async Task WaitUntilServingAsync(Process process)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            if (process.HasExited || limit.IsCancellationRequested)
            {
                KeepLogs();
                var what = process.HasExited ? $"ended with {process.ExitCode}" : $"does not serve after {StartLimit.TotalSeconds} s";
                throw new InvalidOperationException($"{Name} {what}; log: {LogPath}");
            }
            if (await IsServingAsync(limit.Token))
                return;
            await Task.Delay(50);
        }
    }

    private async Task<bool> IsServingAsync(CancellationToken cancellationToken)
    {
        // ZooKeeper leaves a connection open that asks while it is still starting (it stumbles over its database).
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            return await ModeAsync(attempt.Token) is not null;
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
