using System.Diagnostics;
using System.Net;
using OrleansKeeper.Tests.Robustness.Clients;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>
/// A server as its users run it: a process of its own that can be killed, paused, ended and started again on the same folder and
/// ports. Started means that it serves sessions, not that it listens.
/// </summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private Process? _process;

    /// <summary>One that is not started yet.</summary>
    public SiloProcess(ServerSettings settings) => Settings = settings;

    public ServerSettings Settings { get; }

    public IPEndPoint EndPoint => Settings.ClientEndPoint;

    public ProcessOutput Output { get; } = new();

    public int ProcessId => Running.Id;

    public bool HasExited => Running.HasExited;

    /// <summary>Whether it was started, and has not ended since; it may be paused.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Whether <see cref="Pause"/> holds it.</summary>
    public bool IsPaused { get; private set; }

    public ProcessUsage Usage => ProcessUsage.Of(ProcessId);

    private Process Running => _process ?? throw new InvalidOperationException("The server was not started.");

    public static async Task<SiloProcess> StartAsync(ServerSettings settings)
    {
        var silo = new SiloProcess(settings);
        try
        {
            await silo.StartAsync();
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process that is expected to give up by itself.</summary>
    public static async Task<FinishedProcess> RunToExitAsync(ServerSettings settings, TimeSpan limit)
    {
        await using var silo = new SiloProcess(settings);
        silo.Launch();
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await silo.Running.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The server still ran after {limit}. It wrote:\n{silo.Output.Tail()}");
        }

        return new FinishedProcess(silo.Running.ExitCode, silo.Output.ToString());
    }

    /// <summary>Starts the server, first or again, and returns once it serves.</summary>
    public async Task StartAsync()
    {
        Launch();
        await WaitUntilServesAsync();
    }

    public Task KillAsync()
    {
        ProcessSignal.Send(ProcessId, ProcessSignal.Kill);
        return Running.WaitForExitAsync();
    }

    /// <summary>Asks the server to end and checks that it does, in good order and soon.</summary>
    public async Task TerminateAsync(TimeSpan limit)
    {
        var asked = Stopwatch.GetTimestamp();
        ProcessSignal.Send(ProcessId, ProcessSignal.Terminate);
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await Running.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The server still ran {limit} after SIGTERM. It wrote:\n{Output.Tail()}");
        }

        Output.Add($"[ended {Stopwatch.GetElapsedTime(asked).TotalMilliseconds:F0} ms after SIGTERM with {Running.ExitCode}]");
        Assert.Equal(ServerKind.UnderTest.TerminatedExitCode, Running.ExitCode);
    }

    public void Pause()
    {
        ProcessSignal.Send(ProcessId, ProcessSignal.Stop);
        IsPaused = true;
    }

    public void Resume()
    {
        ProcessSignal.Send(ProcessId, ProcessSignal.Continue);
        IsPaused = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            using var deadline = new CancellationTokenSource(ExitLimit);
            await _process.WaitForExitAsync(deadline.Token);
        }

        _process.Dispose();
        _process = null;
    }

    private void Launch()
    {
        _process?.Dispose();
        IsPaused = false;
        var start = ServerKind.UnderTest.StartInfo(Settings);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException("The process was not started.");
        Output.Add($"[{ServerKind.UnderTest.Name} {_process.Id} started]");
        Output.Capture(_process);
    }

    /// <summary>Returns once it serves sessions; throws when the process ends instead.</summary>
    public async Task WaitUntilServesAsync()
    {
        using var deadline = new CancellationTokenSource(StartLimit);
        while (!deadline.IsCancellationRequested)
        {
            if (Running.HasExited)
            {
                // Whatever was written is there once the process was waited for without a limit.
                await Running.WaitForExitAsync();
                throw new ServerEndedException(Running.ExitCode, Output.Tail());
            }

            try
            {
                await using var session = await KeeperSession.OpenAsync(EndPoint, deadline.Token);
                await session.CloseAsync();
                return;
            }
            catch (ConnectionLostException)
            {
                await Task.Delay(PollInterval);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        throw new TimeoutException($"The server did not serve within {StartLimit}. It wrote:\n{Output.Tail()}");
    }
}
