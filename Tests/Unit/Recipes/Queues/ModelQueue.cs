using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.Tests.Unit.Recipes.Queues;

/// <summary>A queue's znodes at the service, and who hears of their changes.</summary>
internal sealed class ModelQueue
{
    private readonly HashSet<string> _entries = [];
    private readonly Dictionary<string, long> _locks = [];
    private readonly List<Queue<WatchEvent>> _watchers = [];
    private int _counter;

    public long Zxid { get; private set; }

    public long LockListZxid { get; private set; }

    public IReadOnlySet<string> Entries => _entries;

    public IReadOnlyDictionary<string, long> Locks => _locks;

    public IEnumerable<string> Available => _entries.Where(name => !_locks.ContainsKey(name));

    public Queue<WatchEvent> Watch()
    {
        var events = new Queue<WatchEvent>();
        _watchers.Add(events);
        return events;
    }

    public void Put(int rank)
    {
        var name = $"entry-{rank:D3}-{_counter++:D10}";
        Zxid++;
        _entries.Add(name);
        Tell(WatchEventType.NodeCreated, "/queue/entries/" + name);
    }

    /// <summary>Locks an item.</summary>
    /// <returns>The transaction; null if somebody has it, or it is gone.</returns>
    public long? TryLock(string name)
    {
        Zxid++;
        if (!_entries.Contains(name) || !_locks.TryAdd(name, Zxid))
            return null;
        LockListZxid = Zxid;
        Tell(WatchEventType.NodeCreated, "/queue/taken/" + name);
        return Zxid;
    }

    public bool TryComplete(string name, long token)
    {
        Zxid++;
        if (_locks.GetValueOrDefault(name) != token)
            return false;
        _entries.Remove(name);
        Tell(WatchEventType.NodeDeleted, "/queue/entries/" + name);
        Unlock(name);
        return true;
    }

    public void Return(string name, long token)
    {
        Zxid++;
        if (_locks.GetValueOrDefault(name) == token)
            Unlock(name);
    }

    private void Unlock(string name)
    {
        _locks.Remove(name);
        LockListZxid = Zxid;
        Tell(WatchEventType.NodeDeleted, "/queue/taken/" + name);
    }

    private void Tell(WatchEventType type, string path)
    {
        foreach (var events in _watchers)
            events.Enqueue(new WatchEvent(type, path, Zxid));
    }
}
