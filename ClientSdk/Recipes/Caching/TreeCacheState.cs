namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>What a tree cache holds, and who reads its changes. One writer; a view and its events reach all readers in one step.</summary>
/// <param name="rootPath">The path of the subtree.</param>
/// <param name="readerCapacity">How many events wait for one reader.</param>
internal sealed class TreeCacheState(string rootPath, int readerCapacity)
{
    private readonly Lock _gate = new();
    private readonly HashSet<TreeCacheReader> _readers = [];
    private volatile TreeView _view = new(rootPath, root: null);
    private Exception? _failure;
    private bool _ended;

    public TreeView View => _view;

    /// <summary>One change, and the view that it leads to.</summary>
    public void Publish(in TreeCacheEvent change, TreeView view)
    {
        lock (_gate)
        {
            _view = view;
            foreach (var reader in _readers)
                reader.Offer(change, view);
        }
    }

    /// <summary>Another view, that no events lead to: readers find out the differences for themselves.</summary>
    public void Replace(TreeView view)
    {
        lock (_gate)
        {
            _view = view;
            foreach (var reader in _readers)
                reader.Miss();
        }
    }

    public TreeCacheReader Subscribe()
    {
        lock (_gate)
        {
            var reader = new TreeCacheReader(_view, readerCapacity);
            if (_ended)
                reader.End(_failure);
            else
                _readers.Add(reader);
            return reader;
        }
    }

    public void Unsubscribe(TreeCacheReader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }
    }

    /// <summary>What the reader missed; null if it missed nothing.</summary>
    public IEnumerable<TreeCacheEvent>? CatchUp(TreeCacheReader reader)
    {
        lock (_gate)
        {
            if (!reader.HasMissed)
                return null;
            var differences = TreeDifferences.Between(reader.Seen.Root, _view.Root);
            reader.CatchUp(_view);
            return differences;
        }
    }

    /// <summary>There will be no more changes.</summary>
    /// <param name="failure">What readers are to be told; null if this is as it should be.</param>
    public void End(Exception? failure)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            _failure = failure;
            foreach (var reader in _readers)
                reader.End(failure);
        }
    }
}
