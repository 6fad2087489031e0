using System.Diagnostics;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>
/// What all connections of a load share: the clock's phases (warm-up, measured time, end) and the counts. Only the sockets' one
/// thread touches it while the load runs.
/// </summary>
internal sealed class LoadMeasurement
{
    private const double WarmUpShare = 0.2;
    private const double NanosecondsPerTick = 1e9;

    private readonly LatencyHistogram _latencies = new();
    private readonly long _end;
    private long _measuredFrom;
    private bool _warm;
    private long _stoppedAt;
    private long _errors;
    private int _lastError;

    public LoadMeasurement(double seconds)
    {
        _measuredFrom = Stopwatch.GetTimestamp() + (long)(seconds * WarmUpShare * Stopwatch.Frequency);
        _end = _measuredFrom + (long)(seconds * Stopwatch.Frequency);
    }

    public bool IsStopped { get; private set; }

    public void Observe(long now)
    {
        if (!_warm && now >= _measuredFrom)
        {
            _warm = true;
            _measuredFrom = now;
            _latencies.Reset();
        }

        if (!IsStopped && now >= _end)
        {
            IsStopped = true;
            _stoppedAt = now;
        }
    }

    public void Record(long sent, long now)
    {
        if (!IsStopped)
            _latencies.Record((long)((now - sent) * (NanosecondsPerTick / Stopwatch.Frequency)));
    }

    public void RecordError(int error)
    {
        _errors++;
        _lastError = error;
    }

    public LoadResult Result(string workload) =>
        LoadResult.Of(workload, _latencies, Stopwatch.GetElapsedTime(_measuredFrom, _stoppedAt), _errors, _lastError);
}
