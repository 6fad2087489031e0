using OrleansKeeper.Grains.Security;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// The ephemeral znodes of each session, as of the watermark, with what has to be known of them when the session closes: so none has to be
/// resident for that.
/// </summary>
internal sealed class EphemeralIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Dictionary<string, AccessControlList>> _bySession = [];
    private int _count;

    /// <summary>Number of ephemeral znodes.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a znode, or notes another access control list of one.</summary>
    public void Set(long sessionId, string path, AccessControlList acl)
    {
        lock (_lock)
        {
            if (!_bySession.TryGetValue(sessionId, out var znodes))
                _bySession.Add(sessionId, znodes = []);
            if (znodes.TryAdd(path, acl))
                _count++;
            else
                znodes[path] = acl;
        }
    }

    public void Remove(long sessionId, string path)
    {
        lock (_lock)
        {
            if (!_bySession.TryGetValue(sessionId, out var znodes) || !znodes.Remove(path))
                return;

            _count--;
            if (znodes.Count == 0)
                _bySession.Remove(sessionId);
        }
    }

    public string[] PathsOf(long sessionId)
    {
        lock (_lock)
            return _bySession.TryGetValue(sessionId, out var znodes) ? [.. znodes.Keys] : [];
    }

    public KeyValuePair<string, AccessControlList>[] ZNodesOf(long sessionId)
    {
        lock (_lock)
            return _bySession.TryGetValue(sessionId, out var znodes) ? [.. znodes] : [];
    }
}
