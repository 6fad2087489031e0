using System.Diagnostics;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>A time to wait that is shared by several waits, one after the other.</summary>
/// <param name="timeout">The time in all; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
internal readonly struct TimeLimit(TimeSpan timeout)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>What is left of it.</summary>
    public TimeSpan Remaining => timeout == Timeout.InfiniteTimeSpan
        ? timeout
        : TimeSpan.FromTicks(Math.Max(0, (timeout - Stopwatch.GetElapsedTime(_started)).Ticks));
}
