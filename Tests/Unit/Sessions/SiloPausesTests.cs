using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Sessions;

namespace OrleansKeeper.Tests.Unit.Sessions;

public sealed class SiloPausesTests
{
    private static readonly IOptions<KeeperOptions> Options = Microsoft.Extensions.Options.Options.Create(new KeeperOptions { TickTime = 2000 });

    [Fact]
    public void A_silo_that_runs_has_no_pause()
    {
        var time = new FakeTimeProvider();
        using var pauses = new SiloPauses(Options, time);

        // The timer fires in between, as it does on a silo that runs.
        for (var i = 0; i < 100; i++)
            time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.FromSeconds(10), pauses.SinceLast);
    }

    [Fact]
    public void A_pause_is_seen_by_whoever_asks_first_and_remembered()
    {
        var time = new FakeTimeProvider();
        using var pauses = new SiloPauses(Options, new StoppedTimers(time));
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.Zero, pauses.SinceLast);

        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(TimeSpan.FromMilliseconds(400), pauses.SinceLast);
        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(TimeSpan.FromMilliseconds(800), pauses.SinceLast);
    }

    /// <summary>Time goes on, and no timer fires: a process that stands still.</summary>
    private sealed class StoppedTimers(FakeTimeProvider time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
