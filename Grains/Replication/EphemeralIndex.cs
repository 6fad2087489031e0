namespace OrleansKeeper.Grains.Replication;

/// <summary>The ephemeral znodes of each session, as of the watermark.</summary>
internal sealed class EphemeralIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, HashSet<string>> _pathsBySession = [];
    private int _count;

    /// <summary>Number of ephemeral znodes.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(long sessionId, string path)
    {
        lock (_lock)
        {
            if (!_pathsBySession.TryGetValue(sessionId, out var paths))
                _pathsBySession.Add(sessionId, paths = []);
            if (paths.Add(path))
                _count++;
        }
    }

    public void Remove(long sessionId, string path)
    {
        lock (_lock)
        {
            if (!_pathsBySession.TryGetValue(sessionId, out var paths) || !paths.Remove(path))
                return;

            _count--;
            if (paths.Count == 0)
                _pathsBySession.Remove(sessionId);
        }
    }

    public string[] PathsOf(long sessionId)
    {
        lock (_lock)
            return _pathsBySession.TryGetValue(sessionId, out var paths) ? [.. paths] : [];
    }
}
