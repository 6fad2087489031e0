using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// Counts the znodes below one when some of them are only in the store. What changed since the checkpoint mark is in memory, and of everything
/// else the store has a row (rule R7). What changed is noted before the store is read, since a checkpoint may write it meanwhile and memory then
/// forget it; a row counts for what was noted of its path. As in ZooKeeper, what changes during the count is in it or not.
/// </summary>
internal sealed class DescendantTally
{
    private readonly Replica _replica;

    /// <summary>What changed, by path, and whether there is a znode.</summary>
    private readonly Dictionary<string, bool> _changed = [];

    private long _count;

    /// <summary>Begins to count, before the store is read.</summary>
    /// <param name="replica">The replica, which has seen everything that the rows may be as of.</param>
    /// <param name="path">The znode below which is counted; not the root.</param>
    public DescendantTally(Replica replica, string path)
    {
        _replica = replica;
        var below = path + ZNodePath.Separator;
        foreach (var place in replica.ChangedPlaces())
        {
            var changed = place.Path;
            if (changed.StartsWith(below, StringComparison.Ordinal))
                _changed[changed] = place.Current is { Exists: true };
        }
    }

    /// <summary>The store has a row of a znode below.</summary>
    public void AddStored(string path) => Add(path, existed: !_changed.Remove(path, out var existed) || existed);

    /// <summary>Number of znodes below; all rows are added.</summary>
    public long Complete()
    {
        foreach (var (path, existed) in _changed)
            Add(path, existed);
        _changed.Clear();
        return _count;
    }

    private void Add(string path, bool existed)
    {
        var exists = _replica.Find(path).Residency switch
        {
            Residency.Present => true,
            Residency.Absent => false,
            _ => existed,
        };
        if (exists)
            _count++;
    }
}
