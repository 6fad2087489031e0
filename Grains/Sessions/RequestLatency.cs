namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// How long requests took, in whole milliseconds as ZooKeeper reports it: from when they were read until they were answered. Requests
/// that arrived in one receive and were answered at once count with the time of all of them. Written under the session's lock, read by
/// anybody: figures may be a moment old.
/// </summary>
internal sealed class RequestLatency
{
    private long _least = long.MaxValue;
    private long _sum;
    private long _count;

    public long Last { get; private set; }

    public long Least => _count == 0 ? 0 : _least;

    public long Most { get; private set; }

    public double Average => _count == 0 ? 0 : (double)_sum / _count;

    public void Add(TimeSpan elapsed, int requests)
    {
        if (requests == 0)
            return;

        Last = elapsed.Ticks / TimeSpan.TicksPerMillisecond;
        _least = Math.Min(_least, Last);
        Most = Math.Max(Most, Last);
        _sum += Last * requests;
        _count += requests;
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(RequestLatency other)
    {
        _least = Math.Min(_least, other._least);
        Most = Math.Max(Most, other.Most);
        _sum += other._sum;
        _count += other._count;
    }
}
