using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>
/// The one-shot watches of a client that has come back, while they are set again. That may take several attempts, when something has to be loaded
/// or a transaction comes in between: what an attempt set is taken back, but what fired meanwhile was told, and is not told again.
/// </summary>
internal sealed class WatchRearming(WatchTable watches, IWatcher watcher)
{
    private readonly HashSet<(WatchKind Kind, string Path)> _fired = [];
    private readonly List<(WatchKind Kind, string Path)> _set = [];

    /// <summary>What changed while the client was away.</summary>
    public List<(WatcherEventType Type, string Path)> Missed { get; } = [];

    /// <summary>Whether a watch was set in an earlier attempt and has fired since: there is nothing more to do for it.</summary>
    public bool HasFired(WatchKind kind, string path) => _fired.Contains((kind, path));

    public void Set(WatchKind kind, string path)
    {
        if (watches.Add(kind, path, watcher, WatchModes.Standard))
            _set.Add((kind, path));
    }

    /// <summary>The attempt is given up.</summary>
    public void TakeBack()
    {
        foreach (var (kind, path) in _set)
        {
            if (!watches.Remove(kind, path, watcher, WatchModes.Standard))
                _fired.Add((kind, path));
        }

        _set.Clear();
        Missed.Clear();
    }
}
