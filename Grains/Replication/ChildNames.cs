using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Grains.Replication;

/// <summary>Reads the names of a znode's children, as of one watermark, without keeping the writer from writing.</summary>
internal static class ChildNames
{
    private const int AttemptsWithoutLock = 3;

    private static readonly ChildListing None = new(0, Encode([]));

    /// <summary>
    /// The names in encoded form; null when not all of them are in memory, or when <paramref name="parent"/> is not present.
    /// </summary>
    /// <param name="tree">The tree.</param>
    /// <param name="path">The parent's path.</param>
    /// <param name="parent">The parent, as of the same watermark.</param>
    /// <param name="wasMade">Whether the listing is a new one, which the resident set does not know of.</param>
    public static ChildListing? List(ZNodeTree tree, ReadOnlySpan<char> path, out Found parent, out bool wasMade)
    {
        wasMade = false;
        parent = tree.Find(path);
        if (parent.Node is not { } node)
            return null;
        if (node.NumChildren == 0)
            return None;
        if (parent.Place!.Children is { Listing: { } listing } && listing.Pzxid == node.Pzxid)
            return listing;
        if (Read(tree, path, out parent) is not { } names)
            return null;

        var made = new ChildListing(parent.Node!.Pzxid, Encode(names));
        if (names.Count > 0 && parent.Place!.Children is { } children)
        {
            children.Listing = made;
            wasMade = true;
        }

        return made;
    }

    /// <summary>The names; null when not all of them are in memory, or when <paramref name="parent"/> is not present.</summary>
    public static List<string>? Read(ZNodeTree tree, ReadOnlySpan<char> path, out Found parent)
    {
        for (var attempt = 0; attempt < AttemptsWithoutLock; attempt++)
        {
            if (!TryCollect(tree, path, out parent, out var names))
                return null;

            // Children came or went while we looked; their number alone may be right again by then.
            if (names.Count == parent.Node!.NumChildren && tree.Find(path).Node?.Pzxid == parent.Node.Pzxid)
                return names;
        }

        lock (tree.WriterLock)
            return TryCollect(tree, path, out parent, out var names) ? names : null;
    }

    private static bool TryCollect(ZNodeTree tree, ReadOnlySpan<char> path, out Found parent, out List<string> names)
    {
        parent = tree.Find(path);
        names = [];
        if (parent.Node is not { } node || parent.Place!.Children is not { IsComplete: true } children)
            return false;

        names.EnsureCapacity(node.NumChildren);
        foreach (var place in children)
        {
            var version = place.Current;
            if (version is not null && version.Zxid > parent.Watermark)
                version = version.Previous;
            if (version is null or { Exists: true } || ReferenceEquals(version, ZNode.NotResident))
                names.Add(place.Name);
        }

        return true;
    }

    private static byte[] Encode(List<string> names)
    {
        var size = JuteSize.Length;
        foreach (var name in names)
            size += JuteSize.OfString(name);
        var encoded = new byte[size];
        var writer = new JuteWriter(encoded);
        writer.WriteVectorCount(names.Count);
        foreach (var name in names)
            writer.WriteString(name);
        return encoded;
    }
}
