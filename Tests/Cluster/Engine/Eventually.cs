using System.Diagnostics;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>Waits for what the silo does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Task IsTrueAsync(Func<bool> condition) => IsTrueAsync(() => Task.FromResult(condition()));

    public static async Task IsTrueAsync(Func<Task<bool>> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(10))
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It did not happen in time.");
    }
}
