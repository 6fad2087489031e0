namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>The persistent watches of one mode, by path.</summary>
internal sealed class PersistentWatches
{
    private readonly Dictionary<string, List<PersistentWatch>> _byPath = [];

    public bool IsEmpty => _byPath.Count == 0;

    public IEnumerable<string> Paths => _byPath.Keys;

    public void Add(PersistentWatch watch)
    {
        if (!_byPath.TryGetValue(watch.ServicePath, out var watches))
            _byPath.Add(watch.ServicePath, watches = []);
        watches.Add(watch);
    }

    /// <summary>Removes a watch; whether it was the last on its path.</summary>
    public bool Remove(PersistentWatch watch)
    {
        if (!_byPath.TryGetValue(watch.ServicePath, out var watches) || !watches.Remove(watch) || watches.Count > 0)
            return false;

        return _byPath.Remove(watch.ServicePath);
    }

    /// <summary>Tells the watches of a path.</summary>
    public void Tell(string path, in WatchEvent watchEvent)
    {
        if (!_byPath.TryGetValue(path, out var watches))
            return;

        foreach (var watch in watches)
            watch.Hear(watchEvent);
    }

    public void TellMissed(long zxid)
    {
        foreach (var watch in _byPath.Values.SelectMany(watches => watches))
            watch.Hear(new WatchEvent(WatchEventType.Missed, watch.ServicePath, zxid));
    }

    public void Close()
    {
        foreach (var watch in _byPath.Values.SelectMany(watches => watches))
            watch.Close();
        _byPath.Clear();
    }
}
