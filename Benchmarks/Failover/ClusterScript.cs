using System.Diagnostics;
using System.Globalization;
using OrleansKeeper.Benchmarks.Comparison;
using OrleansKeeper.Benchmarks.Load;
using OrleansKeeper.Tests.Ports;

namespace OrleansKeeper.Benchmarks.Failover;

/// <summary>
/// A cluster of silos in a temporary folder, driven by the repository's <c>cluster.sh</c>; it and the folder go when this is disposed of.
/// </summary>
internal sealed class ClusterScript : IAsyncDisposable
{
    private const string Script = "cluster.sh";

    private static readonly TimeSpan ServeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly string _root = FindRoot();

    // Not one that only its owner can enter: PostgreSQL may run as another user.
    private readonly string _folder =
        Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"keeper-failover-{Guid.NewGuid():N}")).FullName;

    private ClusterScript()
    {
    }

    public static async Task<ClusterScript> StartAsync(int silos, CancellationToken cancellationToken)
    {
        var cluster = new ClusterScript();
        try
        {
            await cluster.RunAsync(["start", "--silos", Text(silos)], cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<SiloStatus[]> StatusAsync(CancellationToken cancellationToken)
    {
        var output = await RunAsync(["status"], cancellationToken);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SiloStatus.Parse)];
    }

    /// <summary>Starts silos again that have ended, lets paused ones go on, and returns when all serve and one orders.</summary>
    public async Task<SiloStatus[]> RestoreAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var silos = await StatusAsync(cancellationToken);
            foreach (var silo in silos)
            {
                if (silo.State == "stopped")
                    await RunAsync(["run", Text(silo.Number)], cancellationToken);
                else if (silo.State == "paused")
                    await RunAsync(["resume", Text(silo.Number)], cancellationToken);
            }

            if (silos.All(silo => silo.State == "serving") && silos.Count(silo => silo.IsSequencer) == 1)
                return silos;
            if (Stopwatch.GetElapsedTime(started) > ServeLimit)
                throw new TimeoutException($"Not all silos serve after {ServeLimit}:\n{string.Join('\n', silos.AsEnumerable())}");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(["stop"], CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Script)))
                return folder.FullName;
        }

        throw new FileNotFoundException($"No folder above {AppContext.BaseDirectory} has {Script}.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var output = Path.Combine(_folder, "command.out");
        var errors = Path.Combine(_folder, "command.err");

        // Into files: what the command starts and leaves running would hold a pipe open.
        string[] shell = ["-c", "out=$1 err=$2; shift 2; exec \"$@\" >\"$out\" 2>\"$err\" </dev/null", "cluster", output, errors];
        var start = new ProcessStartInfo("bash", [.. shell, Path.Combine(_root, Script), .. arguments, "--folder", _folder]);
        LoadGenerator.ForgetSocketSettings(start.Environment);
        if (arguments[0] == "start")
            start.Environment["KEEPER_BASE_PORT"] = Text(FreePorts.Take(1)[0]);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash was not started.");
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await File.ReadAllTextAsync(output, cancellationToken)
            : throw new InvalidOperationException($"{Script} {arguments[0]}: {await File.ReadAllTextAsync(errors, cancellationToken)}");
    }
}
