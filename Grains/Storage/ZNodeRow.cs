using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Grains.Storage;

/// <summary>A row of the znode table.</summary>
/// <param name="Parent">The parent's path; empty for the root.</param>
/// <param name="Name">The name under the parent; empty for the root.</param>
/// <param name="Node">The znode; null for a row to be removed. Written without its data, the row keeps the data that it has.</param>
/// <param name="IsNew">The table has no such row for certain, which a store may make use of; one that it has all the same may be refused.</param>
internal readonly record struct ZNodeRow(string Parent, string Name, ZNode? Node, bool IsNew = false)
{
    public ZNodeRow(string path, ZNode? node, bool isNew = false)
        : this(ZNodeKey.ParentOf(path), ZNodeKey.NameOf(path), node, isNew)
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
