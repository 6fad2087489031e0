using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>A path as the key of a row: the parent's path and the name. The root has neither.</summary>
internal readonly ref struct ZNodeKey
{
    public ZNodeKey(string path)
    {
        var last = path.LastIndexOf(ZNodePath.Separator);
        if (last < 0)
            throw new ArgumentException($"\"{path}\" is not a path.", nameof(path));

        Name = path.AsSpan(last + 1);
        Parent = path.AsSpan(0, last == 0 && !Name.IsEmpty ? 1 : last);
    }

    public ReadOnlySpan<char> Parent { get; }

    public ReadOnlySpan<char> Name { get; }

    /// <summary>Orders paths like the table, so that rows which are written together lie together.</summary>
    public static int Compare(string left, string right)
    {
        var leftKey = new ZNodeKey(left);
        var rightKey = new ZNodeKey(right);
        var byParent = leftKey.Parent.SequenceCompareTo(rightKey.Parent);
        return byParent != 0 ? byParent : leftKey.Name.SequenceCompareTo(rightKey.Name);
    }

    public static string PathOf(string parent, string name) => parent.Length switch
    {
        0 => ZNodePath.Root,
        1 => parent + name,
        _ => $"{parent}{ZNodePath.Separator}{name}",
    };
}
