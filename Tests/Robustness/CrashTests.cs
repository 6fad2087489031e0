using System.Diagnostics;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>A server that is killed at any moment has lost nothing that it acknowledged, and its clients' sessions go on.</summary>
public sealed class CrashTests : RobustnessTest
{
    private const int DefaultSeconds = 25;
    private const int LeastRounds = 3;
    private const int FewestOperations = 50;
    private const int MostOperations = 6_000;

    [Fact]
    public async Task Acknowledged_writes_and_open_sessions_survive_kills_under_load()
    {
        var silo = await StartSiloAsync();
        var random = new Random(Seed);
        await using var load = new LoadRun(silo.EndPoint, Seed);
        KeepOnFailure(load.History);
        await load.StartAsync();

        var duration = EnvironmentSettings.Seconds(EnvironmentSettings.CrashSeconds, DefaultSeconds);
        var started = Stopwatch.GetTimestamp();
        var kills = 0;
        for (; kills < LeastRounds || Stopwatch.GetElapsedTime(started) < duration; kills++)
        {
            await load.MakeProgressAsync(random.Next(FewestOperations, MostOperations));
            await silo.KillAsync();
            await silo.StartAsync();
        }

        await load.MakeProgressAsync(FewestOperations);
        await load.StopAsync();
        await silo.KillAsync();
        await silo.StartAsync();

        var tree = await load.AttachAndReadAsync();
        var operations = load.History.Snapshot();
        var lost = operations.Count(operation => operation.Returned == long.MaxValue);
        WriteLine($"{kills + 1} kills, {operations.Length} requests, {lost} answers lost.");
        HistoryChecks.Verify(load.History, tree);
    }
}
