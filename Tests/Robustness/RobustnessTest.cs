using System.Diagnostics;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>
/// A test with server processes of its own and a folder for all they write. The folder goes with the test when it passes; when it
/// fails the folder stays, with the servers' output and the clients' history, and its name is printed.
/// </summary>
public abstract class RobustnessTest : IAsyncDisposable
{
    private readonly List<SiloProcess> _silos = [];
    private readonly List<IKeptHistory> _histories = [];
    private readonly List<Action> _cleanups = [];

    protected RobustnessTest()
    {
        Seed = EnvironmentSettings.Number(EnvironmentSettings.Seed) ?? Random.Shared.Next();
        WriteLine($"{EnvironmentSettings.Seed}={Seed}");
        Folder = Path.Combine(Repository.Histories, $"{GetType().Name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
    }

    /// <summary>From the environment, or a new one each time; printed, so that a failing run can be repeated.</summary>
    protected int Seed { get; }

    /// <summary>Where the test's servers keep their data.</summary>
    protected string Folder { get; }

    private protected async Task<SiloProcess> StartSiloAsync(Func<ServerSettings, ServerSettings>? configure = null)
    {
        var settings = ServerSettings.In(Folder);
        var started = Stopwatch.GetTimestamp();
        var silo = await SiloProcess.StartAsync(configure?.Invoke(settings) ?? settings);
        WriteLine($"The server served {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s after it was started.");
        EndWithTest(silo);
        return silo;
    }

    /// <summary>Ends a server with the test, and keeps what it wrote when the test fails.</summary>
    private protected void EndWithTest(SiloProcess silo) => _silos.Add(silo);

    private protected void KeepOnFailure(IKeptHistory history) => _histories.Add(history);

    /// <summary>Does something when the test and its servers have ended.</summary>
    protected void CleanUpBy(Action action) => _cleanups.Add(action);

    protected static void WriteLine(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var silo in _silos)
            await silo.DisposeAsync();

        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        if (failed)
            Keep();
        foreach (var cleanup in _cleanups)
            cleanup();
        if (!failed)
            Directory.Delete(Folder, recursive: true);
    }

    private void Keep()
    {
        for (var i = 0; i < _silos.Count; i++)
            File.WriteAllText(Path.Combine(Folder, $"output-{i}.txt"), _silos[i].Output.ToString());
        for (var i = 0; i < _histories.Count; i++)
            _histories[i].Save(Path.Combine(Folder, $"history-{i}.jsonl"));
        WriteLine($"Kept in {Folder}");
    }
}
