using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// The resident part of the tree. Readers take no lock: they walk the places, take the version as of the watermark, and look again
/// where a transaction was published in between. Writers (the replica's apply, the loader, the evictor) hold <see cref="WriterLock"/>,
/// which nobody holds while waiting for anything else.
/// </summary>
internal sealed class ZNodeTree
{
    private long _watermark;

    public Lock WriterLock { get; } = new();

    public TreeNode Root { get; } = new("", null) { IsStored = true };

    /// <summary>Zxid of the last transaction that readers see.</summary>
    public long Watermark => Volatile.Read(ref _watermark);

    /// <summary>Makes what was published up to <paramref name="zxid"/> visible to readers.</summary>
    public void RaiseWatermark(long zxid) => Volatile.Write(ref _watermark, zxid);

    /// <summary>Finds a znode as of the watermark.</summary>
    public Found Find(ReadOnlySpan<char> path)
    {
        while (true)
        {
            var watermark = Watermark;
            var place = Walk(path, watermark, out var missIsCertain);
            if (place is null)
            {
                // A deletion that became visible meanwhile may have taken the place away.
                if (Watermark != watermark)
                    continue;

                return new Found(missIsCertain ? Residency.Absent : Residency.NotResident, null, null, watermark);
            }

            var version = place.Current;
            if (version is not null && version.Zxid > watermark)
            {
                version = Volatile.Read(ref version.Previous);

                // The watermark passed while we were looking, perhaps more than one transaction.
                if (version is null || version.Zxid > watermark)
                    continue;
                if (ReferenceEquals(version, ZNode.NotResident))
                    version = null;
            }

            if (!place.IsUsed)
                place.IsUsed = true;
            return version switch
            {
                null when IsBelowAbsent(place, watermark) => new Found(Residency.Absent, null, place, watermark),
                null => new Found(Residency.NotResident, null, place, watermark),
                { Exists: true } => new Found(Residency.Present, version, place, watermark),
                _ => new Found(Residency.Absent, null, place, watermark),
            };
        }
    }

    /// <summary>The place of a path that a transaction changes, made if need be. Under the writer lock.</summary>
    public TreeNode PlaceOf(ReadOnlySpan<char> path, Action<TreeNode> made)
    {
        var place = Root;
        foreach (var name in ZNodePath.Components(path))
        {
            // Whoever has a child exists.
            place.IsUnconfirmed = false;
            place = ChildOf(place, name, made);
        }

        place.IsUnconfirmed = false;
        return place;
    }

    /// <summary>
    /// The place of a path that is to be read from the store, made if need be; null when memory says for certain that there is no such
    /// znode. Under the writer lock.
    /// </summary>
    public TreeNode? PlaceToLoad(ReadOnlySpan<char> path, Action<TreeNode> made)
    {
        var place = Root;
        foreach (var name in ZNodePath.Components(path))
        {
            if (place.Current is { Exists: false })
                return null;
            var hash = ChildTable.HashOf(name);
            if (place.Children is { } children && children.Find(name, hash) is null && children.Excludes(hash))
                return null;

            place = ChildOf(place, name, made);
        }

        return place;
    }

    /// <summary>Whether something above a place that nobody has looked up yet does not exist, so that there is nothing to load.</summary>
    private static bool IsBelowAbsent(TreeNode place, long watermark)
    {
        for (var above = place.Parent; above is not null; above = above.Parent)
        {
            if (above.Current is { Exists: false } version && version.Zxid <= watermark)
                return true;
        }

        return false;
    }

    private static TreeNode ChildOf(TreeNode place, ReadOnlySpan<char> name, Action<TreeNode> made)
    {
        var children = place.Children ?? ChildTable.Incomplete();
        var hash = ChildTable.HashOf(name);
        if (children.Find(name, hash) is { } known)
            return known;

        var isNew = children.Excludes(hash);
        var child = new TreeNode(name.ToString(), place)
        {
            Current = isNew ? ZNode.Never : null,
            IsStored = !isNew,
            IsUnconfirmed = !isNew,
        };
        place.Children = children.Add(child, hash);
        made(child);
        return child;
    }

    private TreeNode? Walk(ReadOnlySpan<char> path, long watermark, out bool missIsCertain)
    {
        missIsCertain = false;
        if (path.IsEmpty || path[0] != '/')
        {
            missIsCertain = true;
            return null;
        }

        var place = Root;
        foreach (var name in ZNodePath.Components(path))
        {
            var hash = ChildTable.HashOf(name);
            while (true)
            {
                var children = place.Children;
                if (children?.Find(name, hash) is { } next)
                {
                    place = next;
                    break;
                }

                // A table that was replaced meanwhile may have had the place.
                if (!ReferenceEquals(children, place.Children))
                    continue;

                missIsCertain = children?.Excludes(hash) == true || place.Current is { Exists: false } || IsBelowAbsent(place, watermark);
                return null;
            }
        }

        return place;
    }
}
