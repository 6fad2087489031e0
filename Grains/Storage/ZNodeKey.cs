using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Storage;

/// <summary>A path as the key of a row: the parent's path and the name, so that children are a range. The root has neither.</summary>
internal static class ZNodeKey
{
    public static string ParentOf(string path)
    {
        var last = LastSeparator(path);
        return path.Length == 1 ? "" : last == 0 ? ZNodePath.Root : path[..last];
    }

    public static string NameOf(string path) => path[(LastSeparator(path) + 1)..];

    public static string PathOf(string parent, string name) => parent.Length switch
    {
        0 => ZNodePath.Root,
        1 => parent + name,
        _ => $"{parent}{ZNodePath.Separator}{name}",
    };

    /// <summary>
    /// What the parents of all znodes more than one level below a path lie between: the first that is possible, and the first beyond, in the
    /// order of their bytes.
    /// </summary>
    public static (string First, string End) ParentsBelow(string path) =>
        (path + ZNodePath.Separator, path + (char)(ZNodePath.Separator + 1));

    private static int LastSeparator(string path)
    {
        var last = path.LastIndexOf(ZNodePath.Separator);
        return last >= 0 ? last : throw new ArgumentException($"\"{path}\" is not a path.", nameof(path));
    }
}
