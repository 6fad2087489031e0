using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Storage;

/// <summary>A row of the znode table.</summary>
/// <param name="Parent">The parent's path; empty for the root.</param>
/// <param name="Name">The name under the parent; empty for the root.</param>
/// <param name="Node">The znode; null for a row to be removed. Written without its data, the row keeps the data that it has.</param>
internal readonly record struct ZNodeRow(string Parent, string Name, ZNode? Node)
{
    public ZNodeRow(string path, ZNode? node)
        : this(ZNodeKey.ParentOf(path), ZNodeKey.NameOf(path), node)
    {
    }

    public string Path => ZNodeKey.PathOf(Parent, Name);

    /// <summary>Orders rows like the table's key, so that rows which are written together lie together.</summary>
    public static int CompareKeys(ZNodeRow left, ZNodeRow right)
    {
        var byParent = ReferenceEquals(left.Parent, right.Parent) ? 0 : string.CompareOrdinal(left.Parent, right.Parent);
        return byParent != 0 ? byParent : string.CompareOrdinal(left.Name, right.Name);
    }
}
