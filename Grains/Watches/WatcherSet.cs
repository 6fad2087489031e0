namespace OrleansKeeper.Grains.Watches;

/// <summary>Who watches one path in one table, and how. A plain list while there are few, which is nearly always; a map for a herd.</summary>
internal sealed class WatcherSet
{
    private const int MostInList = 8;

    private readonly List<(IWatcher Watcher, WatchModes Modes)> _few = [];
    private Dictionary<IWatcher, WatchModes>? _many;

    public int Count => _many?.Count ?? _few.Count;

    public WatchModes this[IWatcher watcher]
    {
        get
        {
            if (_many is not null)
                return _many.GetValueOrDefault(watcher);

            var index = IndexOf(watcher);
            return index < 0 ? WatchModes.None : _few[index].Modes;
        }

        set
        {
            if (_many is null && _few.Count == MostInList && value != WatchModes.None && IndexOf(watcher) < 0)
            {
                _many = _few.ToDictionary(entry => entry.Watcher, entry => entry.Modes);
                _few.Clear();
            }

            if (_many is not null)
                SetInMap(watcher, value);
            else
                SetInList(watcher, value);
        }
    }

    /// <summary>All watchers, as an array that stays while they change.</summary>
    public (IWatcher Watcher, WatchModes Modes)[] ToArray() =>
        _many is null ? [.. _few] : [.. _many.Select(entry => (entry.Key, entry.Value))];

    private int IndexOf(IWatcher watcher) => _few.FindIndex(entry => ReferenceEquals(entry.Watcher, watcher));

    private void SetInMap(IWatcher watcher, WatchModes modes)
    {
        if (modes == WatchModes.None)
            _many!.Remove(watcher);
        else
            _many![watcher] = modes;
    }

    private void SetInList(IWatcher watcher, WatchModes modes)
    {
        var index = IndexOf(watcher);
        if (modes == WatchModes.None && index >= 0)
            _few.RemoveAt(index);
        else if (index >= 0)
            _few[index] = (watcher, modes);
        else if (modes != WatchModes.None)
            _few.Add((watcher, modes));
    }
}
