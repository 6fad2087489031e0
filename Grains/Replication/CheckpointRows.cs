using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Grains.Replication;

/// <summary>Makes a checkpoint's rows, in the order of the table's key. Written for the garbage collector: there may be very many.</summary>
internal static class CheckpointRows
{
    public static ArraySegment<ZNodeRow> Of(CheckpointContent content)
    {
        var rows = new ZNodeRow[content.Places.Count];
        var paths = new Dictionary<TreeNode, string>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < rows.Length; i++)
        {
            var (place, version, isNew) = content.Places[i];
            rows[i] = new ZNodeRow(PathOf(place.Parent, paths), place.Name, version, isNew);
        }

        Array.Sort(rows, CompareKeysThenZxids);
        return new ArraySegment<ZNodeRow>(rows, 0, KeepLatest(rows));
    }

    private static string PathOf(TreeNode? parent, Dictionary<TreeNode, string> paths)
    {
        if (parent is null)
            return "";
        if (!paths.TryGetValue(parent, out var path))
            paths.Add(parent, path = parent.Path);
        return path;
    }

    private static int CompareKeysThenZxids(ZNodeRow left, ZNodeRow right)
    {
        var byKey = ZNodeRow.CompareKeys(left, right);
        return byKey != 0 ? byKey : left.Node!.Zxid.CompareTo(right.Node!.Zxid);
    }

    /// <summary>
    /// A path stands twice when its znode was deleted, its place forgotten, and then created again: the later one is meant.
    /// What does not exist removes its row.
    /// </summary>
    private static int KeepLatest(ZNodeRow[] rows)
    {
        var kept = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (i + 1 < rows.Length && ZNodeRow.CompareKeys(row, rows[i + 1]) == 0)
            {
                rows[i + 1] = rows[i + 1] with { IsNew = rows[i + 1].IsNew && row.IsNew };
                continue;
            }

            rows[kept++] = row.Node!.Exists ? row : row with { Node = null };
        }

        return kept;
    }
}
