using System.Collections.Immutable;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>
/// A znode in a tree cache, with all that the cache holds below it. It never changes: whoever has one has a picture of the subtree as of one moment.
/// </summary>
public sealed class TreeCacheEntry
{
    internal static readonly ImmutableSortedDictionary<string, TreeCacheEntry> NoChildren =
        ImmutableSortedDictionary.Create<string, TreeCacheEntry>(StringComparer.Ordinal);

    private readonly ImmutableSortedDictionary<string, TreeCacheEntry> _children;

    internal TreeCacheEntry(string path, in ZNodeContent content, ImmutableSortedDictionary<string, TreeCacheEntry> children)
    {
        Path = path;
        Data = content.Data;
        Stat = content.Stat;
        _children = children;
    }

    /// <summary>The znode's path.</summary>
    public string Path { get; }

    /// <summary>Its data; empty in a cache that keeps none.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Its Stat as of its last creation or change. What it says of children may be older than <see cref="Children"/>: theirs are events of their own.
    /// </summary>
    public Stat Stat { get; }

    /// <summary>The znodes right below it, by name, in the order of their names.</summary>
    public IReadOnlyDictionary<string, TreeCacheEntry> Children => _children;

    /// <summary>The last transaction that it is known to reflect.</summary>
    internal long KnownZxid => Math.Max(Stat.Czxid, Stat.Mzxid);

    /// <summary>The znode and all below it, each one before those below it.</summary>
    public IEnumerable<TreeCacheEntry> DescendantsAndSelf()
    {
        var remaining = new Stack<TreeCacheEntry>([this]);
        while (remaining.TryPop(out var entry))
        {
            yield return entry;
            foreach (var child in entry._children.Values.Reverse())
                remaining.Push(child);
        }
    }

    internal TreeCacheEntry? Child(string name) => _children.GetValueOrDefault(name);

    internal TreeCacheEntry With(in ZNodeContent content) => new(Path, content, _children);

    internal TreeCacheEntry WithChild(string name, TreeCacheEntry child) => new(Path, new ZNodeContent(Data, Stat), _children.SetItem(name, child));

    internal TreeCacheEntry WithoutChild(string name) => new(Path, new ZNodeContent(Data, Stat), _children.Remove(name));
}
