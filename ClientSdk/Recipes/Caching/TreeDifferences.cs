namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>The events that lead from one view to another: znodes are removed after those below them, and added before those below them.</summary>
internal static class TreeDifferences
{
    public static IEnumerable<TreeCacheEvent> Between(TreeCacheEntry? before, TreeCacheEntry? after)
    {
        var pairs = new Stack<(TreeCacheEntry? Before, TreeCacheEntry? After)>([(before, after)]);
        while (pairs.TryPop(out var pair))
        {
            var (old, now) = pair;
            if (ReferenceEquals(old, now))
                continue;

            if (old is not null && old.Stat.Czxid != now?.Stat.Czxid)
            {
                foreach (var removed in Removals(old, zxid: 0))
                    yield return removed;
                old = null;
            }

            if (now is null)
                continue;

            if (old is null)
            {
                foreach (var added in now.DescendantsAndSelf())
                    yield return new TreeCacheEvent(TreeCacheEventType.Added, added, Previous: null, added.KnownZxid);
                continue;
            }

            if (old.KnownZxid != now.KnownZxid)
                yield return new TreeCacheEvent(TreeCacheEventType.Changed, now, old, now.KnownZxid);
            foreach (var (name, child) in now.Children)
                pairs.Push((old.Child(name), child));
            foreach (var (name, child) in old.Children)
            {
                if (now.Child(name) is null)
                    pairs.Push((child, null));
            }
        }
    }

    /// <summary>The removal of a znode and all below it.</summary>
    public static IEnumerable<TreeCacheEvent> Removals(TreeCacheEntry entry, long zxid) =>
        entry.DescendantsAndSelf().Reverse().Select(removed => new TreeCacheEvent(TreeCacheEventType.Removed, Entry: null, removed, zxid));
}
