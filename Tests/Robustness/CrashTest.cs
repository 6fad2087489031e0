using System.Diagnostics;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;
using OrleansKeeper.Tests.Robustness.Processes;

namespace OrleansKeeper.Tests.Robustness;

/// <summary>A server that is killed at any moment has lost nothing that it acknowledged, and its clients' sessions go on.</summary>
[Collection(Alone.Name)]
public abstract class CrashTest : RobustnessTest
{
    private protected const int FewestOperations = 50;
    private const int LeastRounds = 3;
    private const int MostOperations = 6_000;

    /// <summary>Kills a server again and again under load, for a time and at least three times.</summary>
    private protected async Task KillUnderLoadAsync(SiloProcess silo, TimeSpan duration)
    {
        var random = new Random(Seed);
        await using var load = new LoadRun(silo.EndPoint, Seed);
        KeepOnFailure(load.History);
        await load.StartAsync();

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
