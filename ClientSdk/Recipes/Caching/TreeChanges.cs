using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>
/// What a watch event, and what was read after it, make of a view. The read may show a later state than the event's. Two rules keep the view, and
/// the events for readers, in the order of the transactions: an event is not applied to a znode that is known to reflect its transaction; and a read
/// that shows a later life of the path (created after the event) is left to the event of that creation, which follows.
/// </summary>
internal static class TreeChanges
{
    /// <summary>The changes that follow, each with the view that it leads to.</summary>
    public static IEnumerable<(TreeCacheEvent Event, TreeView View)> Apply(TreeView view, WatchEvent watchEvent, ZNodeContent? read)
    {
        var known = view.Find(watchEvent.Path);
        if (known?.KnownZxid >= watchEvent.Zxid)
            return [];
        if (watchEvent.Type == WatchEventType.NodeDeleted)
            return known is null ? [] : Remove(view, known, watchEvent.Zxid);

        // No longer there: its deletion follows.
        if (read is not { } content || content.Stat.Czxid > watchEvent.Zxid)
            return [];
        if (known is null)
            return Add(view, watchEvent.Path, content);
        return known.Stat.Czxid == content.Stat.Czxid
            ? Change(view, known, content)
            : Remove(view, known, content.Stat.Czxid).Concat(Add(view.Without(known.Path), known.Path, content));
    }

    private static IEnumerable<(TreeCacheEvent Event, TreeView View)> Remove(TreeView view, TreeCacheEntry known, long zxid)
    {
        foreach (var removal in TreeDifferences.Removals(known, zxid))
        {
            view = view.Without(removal.Path!);
            yield return (removal, view);
        }
    }

    // Where the znode above is not held, what is below it is not held either, or its creation follows.
    private static (TreeCacheEvent Event, TreeView View)[] Add(TreeView view, string path, ZNodeContent content) =>
        view.With(path, content) is { } changed
            ? [(new TreeCacheEvent(TreeCacheEventType.Added, changed.Find(path), Previous: null, content.Stat.Czxid), changed)]
            : [];

    private static (TreeCacheEvent Event, TreeView View)[] Change(TreeView view, TreeCacheEntry known, ZNodeContent content)
    {
        var changed = view.With(known.Path, content)!;
        return [(new TreeCacheEvent(TreeCacheEventType.Changed, changed.Find(known.Path), known, content.Stat.Mzxid), changed)];
    }
}
