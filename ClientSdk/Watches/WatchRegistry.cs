using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// What a client watches: finds whom an event is for, and knows what to set again when the client attaches anew. Outlives the session. The service
/// tells a session once of each change, however many of the client's watches hear of it.
/// </summary>
/// <param name="connectionLock">The connection's lock, under which events and replies come.</param>
internal sealed class WatchRegistry(Lock connectionLock)
{
    private readonly Dictionary<string, ArmedWatches> _data = [];
    private readonly Dictionary<string, ArmedWatches> _children = [];
    private readonly List<OneShotWatch> _waiting = [];
    private readonly PersistentWatches _persistent = new();
    private readonly PersistentWatches _recursive = new();
    private Exception? _closed;

    /// <summary>A one-shot watch is asked for.</summary>
    public OneShotWatch Expect(OneShotKind kind, string path, string chroot)
    {
        var watch = new OneShotWatch(this, kind, path, chroot);
        lock (connectionLock)
            _waiting.Add(watch);
        return watch;
    }

    /// <summary>A one-shot watch is set, as of a transaction.</summary>
    public Task<WatchEvent> Set(OneShotWatch watch, long zxid, bool exists)
    {
        lock (connectionLock)
        {
            _waiting.Remove(watch);
            if (_closed is not null)
                return Task.FromException<WatchEvent>(_closed);

            var table = TableOf(watch.Kind);
            if (!table.TryGetValue(watch.Path, out var armed))
                table.Add(watch.Path, armed = new ArmedWatches());
            return armed.Add(watch.Chroot, zxid, exists);
        }
    }

    public void Remove(OneShotWatch watch)
    {
        lock (connectionLock)
            _waiting.Remove(watch);
    }

    /// <summary>Adds a persistent watch.</summary>
    public void Add(PersistentWatch watch)
    {
        lock (connectionLock)
            TableOf(watch.Mode).Add(watch);
    }

    /// <summary>Removes a persistent watch; whether it was the last of its mode on its path.</summary>
    public bool Remove(PersistentWatch watch)
    {
        lock (connectionLock)
            return TableOf(watch.Mode).Remove(watch);
    }

    /// <summary>An event came, for whoever watches. Under the lock.</summary>
    public void Dispatch(in WatchEvent watchEvent)
    {
        foreach (var watch in _waiting)
        {
            if (watch.Path == watchEvent.Path && IsFor(watch.Kind, watchEvent.Type))
                watch.Hear(watchEvent);
        }

        FireOneShots(watchEvent);
        var isOfChildren = watchEvent.Type == WatchEventType.NodeChildrenChanged;
        _persistent.Tell(watchEvent.Path, watchEvent);
        if (isOfChildren || _recursive.IsEmpty)
            return;

        for (var path = watchEvent.Path; ; path = ZNodePath.Parent(path))
        {
            _recursive.Tell(path, watchEvent);
            if (path == ZNodePath.Root)
                break;
        }
    }

    /// <summary>An event came, for the one-shot watches that are set. Under the lock.</summary>
    public void FireOneShots(in WatchEvent watchEvent)
    {
        if (IsFor(OneShotKind.Data, watchEvent.Type))
            Fire(_data, watchEvent);
        if (IsFor(OneShotKind.Children, watchEvent.Type))
            Fire(_children, watchEvent);
    }

    /// <summary>The persistent watches may have missed something up to this transaction. Under the lock.</summary>
    public void TellMissed(long zxid)
    {
        _persistent.TellMissed(zxid);
        _recursive.TellMissed(zxid);
    }

    /// <summary>What is to be set again. Under the lock.</summary>
    public WatchRegistrations Snapshot() => new(
        [.. _data.Where(watch => watch.Value.Existed).Select(watch => watch.Key)],
        [.. _data.Where(watch => !watch.Value.Existed).Select(watch => watch.Key)],
        [.. _children.Keys],
        [.. _persistent.Paths],
        [.. _recursive.Paths]);

    /// <summary>The client is closed: no more events come.</summary>
    public void Close(Exception reason)
    {
        lock (connectionLock)
        {
            _closed = reason;
            foreach (var armed in _data.Values.Concat(_children.Values))
                armed.Fail(reason);
            _data.Clear();
            _children.Clear();
            _persistent.Close();
            _recursive.Close();
        }
    }

    private static bool IsFor(OneShotKind kind, WatchEventType type) => kind == OneShotKind.Data
        ? type != WatchEventType.NodeChildrenChanged
        : type is WatchEventType.NodeChildrenChanged or WatchEventType.NodeDeleted;

    private static void Fire(Dictionary<string, ArmedWatches> table, in WatchEvent watchEvent)
    {
        if (table.TryGetValue(watchEvent.Path, out var armed) && watchEvent.Zxid > armed.SetAt)
        {
            table.Remove(watchEvent.Path);
            armed.Fire(watchEvent);
        }
    }

    private Dictionary<string, ArmedWatches> TableOf(OneShotKind kind) => kind == OneShotKind.Data ? _data : _children;

    private PersistentWatches TableOf(WatchMode mode) => mode == WatchMode.Persistent ? _persistent : _recursive;
}
