using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Replication;

/// <summary>
/// A place in the tree: a name under a parent, the znode version that stands there now, and the children that are in memory.
/// Written only under the tree's writer lock; read by anybody without one.
/// </summary>
internal sealed class TreeNode(string name, TreeNode? parent)
{
    private ZNode? _current;
    private ChildTable? _children;

    public string Name { get; } = name;

    public TreeNode? Parent { get; } = parent;

    /// <summary>The newest version; null when it is not resident. Readers see the tree through <see cref="ZNodeTree.Find"/>.</summary>
    public ZNode? Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>The children in memory; null when none is and whether there are any stands in the store.</summary>
    public ChildTable? Children
    {
        get => Volatile.Read(ref _children);
        set => Volatile.Write(ref _children, value);
    }

    /// <summary>Set by readers, cleared by the evictor: what was used since its last round stays.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Is in the list of what the next checkpoint writes.</summary>
    public bool IsDirty { get; set; }

    /// <summary>The store may have a row for this place, so that a deletion has to reach the store as well.</summary>
    public bool IsStored { get; set; }

    /// <summary>Only the store knows whether there is a znode here at all; someone asked for it.</summary>
    public bool IsUnconfirmed { get; set; }

    /// <summary>Loads under way of this place or of its child list: nothing known about either is dropped meanwhile (rule R7).</summary>
    public int Loading { get; set; }

    /// <summary>What the byte budget was charged for this place.</summary>
    public int ChargedBytes { get; set; }

    /// <summary>Its position in the resident set's list; -1 when it is in none.</summary>
    public int ResidentIndex { get; set; } = -1;

    /// <summary>Made anew each time, and without recursion: a tree may be as deep as a path is long.</summary>
    public string Path
    {
        get
        {
            var length = 0;
            for (var place = this; place.Parent is not null; place = place.Parent)
                length += 1 + place.Name.Length;
            return length == 0 ? ZNodePath.Root : string.Create(length, this, WritePath);
        }
    }

    private static void WritePath(Span<char> path, TreeNode place)
    {
        for (var end = path.Length; place.Parent is { } parent; place = parent)
        {
            end -= place.Name.Length;
            place.Name.CopyTo(path[end..]);
            path[--end] = ZNodePath.Separator;
        }
    }
}
