using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Watches;

/// <summary>
/// All watches of the sessions on this silo, as ZooKeeper keeps them: two tables from path to watchers, one for data and one for children.
/// One change tells a watcher at most once in each table, and at most once of a deletion. Set by the sessions' threads, fired by the
/// replica's; split into stripes by path so that they seldom meet.
/// </summary>
internal sealed class WatchTable
{
    private const int StripeCount = 64;

    private readonly Stripe[] _data = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];
    private readonly Stripe[] _children = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];
    private long _count;
    private long _recursiveCount;

    /// <summary>Number of watches: one for each table, path and watcher.</summary>
    public long Count => Volatile.Read(ref _count);

    public bool IsEmpty => Count == 0;

    /// <summary>Adds a watch; false when it was there already.</summary>
    public bool Add(WatchKind kind, string path, IWatcher watcher, WatchModes mode)
    {
        var stripe = StripeOf(kind, path);
        lock (stripe)
        {
            if (!stripe.ByPath.TryGetValue(path, out var watchers))
                stripe.ByPath.Add(path, watchers = new WatcherSet());
            var before = watchers[watcher];
            Change(watchers, watcher, before, before | mode);
            watcher.Watched.Add(kind, path);
            return (before & mode) != mode;
        }
    }

    /// <summary>Adds a persistent watch, of a znode's data and of its children.</summary>
    public void AddPersistent(string path, IWatcher watcher)
    {
        Add(WatchKind.Data, path, watcher, WatchModes.Persistent);
        Add(WatchKind.Children, path, watcher, WatchModes.Persistent);
    }

    /// <summary>Adds a persistent watch of everything at and below a path.</summary>
    public void AddPersistentRecursive(string path, IWatcher watcher) => Add(WatchKind.Data, path, watcher, WatchModes.PersistentRecursive);

    /// <summary>Removes a watcher's watches of these modes; false when it had none of them.</summary>
    public bool Remove(WatchKind kind, string path, IWatcher watcher, WatchModes modes)
    {
        var stripe = StripeOf(kind, path);
        lock (stripe)
        {
            if (!stripe.ByPath.TryGetValue(path, out var watchers))
                return false;

            var before = watchers[watcher];
            var after = before & ~modes;
            Change(watchers, watcher, before, after);
            if (after == WatchModes.None)
                watcher.Watched.Remove(kind, path);
            if (watchers.Count == 0)
                stripe.ByPath.Remove(path);
            return before != after;
        }
    }

    /// <summary>Whether a watcher watches a path in any of these modes.</summary>
    public bool Contains(WatchKind kind, string path, IWatcher watcher, WatchModes modes)
    {
        var stripe = StripeOf(kind, path);
        lock (stripe)
            return stripe.ByPath.TryGetValue(path, out var watchers) && (watchers[watcher] & modes) != WatchModes.None;
    }

    /// <summary>Removes everything that a watcher watches: its connection is gone.</summary>
    public void RemoveAll(IWatcher watcher)
    {
        foreach (var (kind, path) in watcher.Watched.TakeAll())
            Remove(kind, path, watcher, WatchModes.All);
    }

    /// <summary>Tells the watchers of a change.</summary>
    public void Fire(in ZNodeChange change, long zxid, DeliveryRound round)
    {
        var acl = change.Node.Acl;
        switch (change.Kind)
        {
            case ZNodeChangeKind.Created:
                Fire(WatchKind.Data, new WatchEvent(WatcherEventType.NodeCreated, change.Path, zxid, acl), null, round);
                break;
            case ZNodeChangeKind.DataSet:
                Fire(WatchKind.Data, new WatchEvent(WatcherEventType.NodeDataChanged, change.Path, zxid, acl), null, round);
                break;
            case ZNodeChangeKind.ChildrenChanged:
                Fire(WatchKind.Children, new WatchEvent(WatcherEventType.NodeChildrenChanged, change.Path, zxid, acl), null, round);
                break;
            case ZNodeChangeKind.Deleted:
                var deletion = new WatchEvent(WatcherEventType.NodeDeleted, change.Path, zxid, acl);
                var told = Fire(WatchKind.Data, deletion, null, round);
                Fire(WatchKind.Children, deletion, told, round);
                break;
        }
    }

    /// <summary>Number of watchers with a data watch, of paths with one, and of data watches: what ZooKeeper's <c>wchs</c> counts.</summary>
    public (int Watchers, int Paths, int Watches) SummarizeDataWatches()
    {
        var watchers = new HashSet<IWatcher>();
        var paths = 0;
        var watches = 0;
        foreach (var stripe in _data)
        {
            lock (stripe)
            {
                paths += stripe.ByPath.Count;
                foreach (var set in stripe.ByPath.Values)
                {
                    watches += set.Count;
                    foreach (var (watcher, _) in set.ToArray())
                        watchers.Add(watcher);
                }
            }
        }

        return (watchers.Count, paths, watches);
    }

    private HashSet<IWatcher>? Fire(WatchKind kind, in WatchEvent watchEvent, HashSet<IWatcher>? except, DeliveryRound round)
    {
        var told = FireAt(kind, watchEvent.Path, isAncestor: false, watchEvent, except, null, round);
        if (kind == WatchKind.Children || Volatile.Read(ref _recursiveCount) == 0)
            return told;

        for (var path = watchEvent.Path; path.Length > 1;)
        {
            path = ZNodePath.Parent(path);
            told = FireAt(kind, path, isAncestor: true, watchEvent, except, told, round);
        }

        return told;
    }

    private HashSet<IWatcher>? FireAt(
        WatchKind kind,
        string path,
        bool isAncestor,
        in WatchEvent watchEvent,
        HashSet<IWatcher>? except,
        HashSet<IWatcher>? told,
        DeliveryRound round)
    {
        var stripe = StripeOf(kind, path);
        (IWatcher Watcher, WatchModes Modes)[] found;
        lock (stripe)
        {
            if (!stripe.ByPath.TryGetValue(path, out var watchers))
                return told;

            found = watchers.ToArray();
            if (!isAncestor)
            {
                foreach (var (watcher, modes) in found)
                {
                    Change(watchers, watcher, modes, modes & ~WatchModes.Standard);
                    if (modes == WatchModes.Standard)
                        watcher.Watched.Remove(kind, path);
                }

                if (watchers.Count == 0)
                    stripe.ByPath.Remove(path);
            }
        }

        // Outside the lock: a watcher's own lock is held by its reader's thread while that sets watches.
        foreach (var (watcher, modes) in found)
        {
            if (isAncestor && !modes.HasFlag(WatchModes.PersistentRecursive))
                continue;
            if (!(told ??= []).Add(watcher))
                continue;

            if (except?.Contains(watcher) != true)
                watcher.Deliver(watchEvent, round);
        }

        return told;
    }

    private void Change(WatcherSet watchers, IWatcher watcher, WatchModes before, WatchModes after)
    {
        if (before == after)
            return;

        watchers[watcher] = after;
        if (before == WatchModes.None)
            Interlocked.Increment(ref _count);
        else if (after == WatchModes.None)
            Interlocked.Decrement(ref _count);
        var wasRecursive = before.HasFlag(WatchModes.PersistentRecursive);
        var isRecursive = after.HasFlag(WatchModes.PersistentRecursive);
        if (isRecursive && !wasRecursive)
            Interlocked.Increment(ref _recursiveCount);
        else if (wasRecursive && !isRecursive)
            Interlocked.Decrement(ref _recursiveCount);
    }

    private Stripe StripeOf(WatchKind kind, string path) =>
        (kind == WatchKind.Data ? _data : _children)[path.GetHashCode() & (StripeCount - 1)];

    private sealed class Stripe
    {
        public Dictionary<string, WatcherSet> ByPath { get; } = [];
    }
}
