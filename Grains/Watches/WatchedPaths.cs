namespace OrleansKeeper.Grains.Watches;

/// <summary>The paths that one watcher watches, in both tables.</summary>
internal sealed class WatchedPaths
{
    private readonly HashSet<(WatchKind Kind, string Path)> _paths = [];

    public void Add(WatchKind kind, string path)
    {
        lock (_paths)
            _paths.Add((kind, path));
    }

    public void Remove(WatchKind kind, string path)
    {
        lock (_paths)
            _paths.Remove((kind, path));
    }

    public (WatchKind Kind, string Path)[] TakeAll()
    {
        lock (_paths)
        {
            (WatchKind, string)[] all = [.. _paths];
            _paths.Clear();
            return all;
        }
    }
}
