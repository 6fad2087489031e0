namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>
/// How long requests took, in whole milliseconds as ZooKeeper reports it: from when they were read until they were answered. Requests
/// that arrived in one receive and were answered at once count with the time of all of them.
/// </summary>
internal sealed class RequestLatency
{
    private readonly Lock _lock = new();
    private long _least = long.MaxValue;
    private long _most;
    private long _sum;
    private long _count;

    public long Least => _count == 0 ? 0 : Volatile.Read(ref _least);

    public long Most => Volatile.Read(ref _most);

    public double Average => _count == 0 ? 0 : (double)_sum / _count;

    public void Add(TimeSpan elapsed, int requests)
    {
        var milliseconds = (long)elapsed.TotalMilliseconds;
        lock (_lock)
        {
            _least = Math.Min(_least, milliseconds);
            _most = Math.Max(_most, milliseconds);
            _sum += milliseconds * requests;
            _count += requests;
        }
    }
}
