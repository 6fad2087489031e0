using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>All that a tree cache holds, as of one moment. A changed view shares all that did not change with the view before.</summary>
/// <param name="rootPath">The path that the cache is about.</param>
/// <param name="root">The znode at that path; null while there is none.</param>
internal sealed class TreeView(string rootPath, TreeCacheEntry? root)
{
    public TreeCacheEntry? Root { get; } = root;

    public TreeCacheEntry? Find(string path)
    {
        if (!Covers(rootPath, path))
            return null;
        var entry = Root;
        foreach (var name in NamesBelowRoot(path))
            entry = entry?.Child(name);
        return entry;
    }

    /// <summary>The view with this content at this path; null if the znode above is not in the view.</summary>
    public TreeView? With(string path, ZNodeContent content) =>
        Replace(path, before => before?.With(content) ?? new TreeCacheEntry(path, content, TreeCacheEntry.NoChildren));

    /// <summary>The view without the znode at this path and all below it.</summary>
    public TreeView Without(string path) => Replace(path, _ => null) ?? this;

    /// <summary>Whether a path is this root's or below it.</summary>
    public static bool Covers(string rootPath, string path) =>
        path == rootPath
        || rootPath == ZNodePath.Root
        || (path.Length > rootPath.Length && path[rootPath.Length] == ZNodePath.Separator && path.StartsWith(rootPath, StringComparison.Ordinal));

    private TreeView? Replace(string path, Func<TreeCacheEntry?, TreeCacheEntry?> change)
    {
        var names = NamesBelowRoot(path);
        if (names.Length == 0)
            return new TreeView(rootPath, change(Root));

        var parents = new TreeCacheEntry[names.Length];
        var parent = Root;
        for (var i = 0; i < names.Length; i++)
        {
            if (parent is null)
                return null;
            parents[i] = parent;
            parent = parent.Child(names[i]);
        }

        var changed = change(parent);
        for (var i = names.Length - 1; i >= 0; i--)
            changed = changed is null ? parents[i].WithoutChild(names[i]) : parents[i].WithChild(names[i], changed);
        return new TreeView(rootPath, changed);
    }

    private string[] NamesBelowRoot(string path) =>
        path.Length == rootPath.Length
            ? []
            : path[(rootPath == ZNodePath.Root ? 1 : rootPath.Length + 1)..].Split(ZNodePath.Separator);
}
