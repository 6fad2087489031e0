using Microsoft.Extensions.Options;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// Notices that this silo stood still: its process was stopped, its machine slept, or nothing got a thread. Signs of life of clients that came
/// meanwhile wait to be taken then, in its own queues and in those of the network, so that nobody is judged by his silence just now.
/// </summary>
internal sealed class SiloPauses : IDisposable
{
    private const int LooksInATick = 20;

    /// <summary>Fewer is what a busy machine misses.</summary>
    private const int LooksMissedByAPause = 5;

    private readonly TimeProvider _time;
    private readonly TimeSpan _shortestPause;
    private readonly ITimer _timer;
    private long _seenAt;
    private long _endedAt;

    public SiloPauses(IOptions<KeeperOptions> options, TimeProvider time)
    {
        var period = TimeSpan.FromMilliseconds(options.Value.TickTime) / LooksInATick;
        _shortestPause = LooksMissedByAPause * period;
        _time = time;
        _seenAt = time.GetTimestamp();
        _endedAt = _seenAt;
        _timer = time.CreateTimer(_ => Look(), null, period, period);
    }

    /// <summary>How long ago this silo last went on after a pause, or started.</summary>
    public TimeSpan SinceLast
    {
        get
        {
            // Whoever asks may be the first that runs again.
            Look();
            return _time.GetElapsedTime(Volatile.Read(ref _endedAt));
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(Volatile.Read(ref _seenAt), now) > _shortestPause)
            Volatile.Write(ref _endedAt, now);
        Volatile.Write(ref _seenAt, now);
    }
}
