using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Caching;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Does a tree cache's events one after the other, and checks that each is possible where it comes.</summary>
internal sealed class TreeReplay(string root)
{
    private readonly Dictionary<string, TreeCacheEntry> _entries = [];

    public IReadOnlyDictionary<string, TreeCacheEntry> Entries => _entries;

    public int Events { get; private set; }

    public int Resynchronizations { get; private set; }

    /// <summary>Reads until a znode at this path is added.</summary>
    public async Task ReadUntilAsync(TreeCache cache, string path)
    {
        await foreach (var change in cache.ReadChangesAsync())
        {
            Apply(change);
            if (change.Type == TreeCacheEventType.Added && change.Path == path)
                return;
        }
    }

    /// <summary>Reads until the cache is disposed.</summary>
    public async Task ReadAllAsync(TreeCache cache)
    {
        await foreach (var change in cache.ReadChangesAsync())
            Apply(change);
    }

    /// <summary>What the service has below a path, read without a cache.</summary>
    public static async Task<Dictionary<string, ZNodeContent>> ReadTreeAsync(IKeeperClient client, string path)
    {
        var found = new Dictionary<string, ZNodeContent> { [path] = await client.GetAsync(path) };
        foreach (var name in await client.GetChildrenAsync(path))
        {
            foreach (var (below, content) in await ReadTreeAsync(client, ZNodePath.Append(path, name)))
                found.Add(below, content);
        }

        return found;
    }

    /// <summary>Whether a cache has what the service has.</summary>
    public static bool IsSame(IReadOnlyDictionary<string, ZNodeContent> expected, IReadOnlyDictionary<string, TreeCacheEntry> actual) =>
        expected.Count == actual.Count
        && expected.All(pair => actual.TryGetValue(pair.Key, out var entry) && entry.Stat.Mzxid == pair.Value.Stat.Mzxid);

    public static void AssertSame(IReadOnlyDictionary<string, ZNodeContent> expected, IReadOnlyDictionary<string, TreeCacheEntry> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (path, content) in expected)
        {
            Assert.Equal((content.Stat.Czxid, content.Stat.Mzxid), (actual[path].Stat.Czxid, actual[path].Stat.Mzxid));
            Assert.Equal(content.Data.ToArray(), actual[path].Data.ToArray());
        }
    }

    private void Apply(in TreeCacheEvent change)
    {
        Events++;
        switch (change.Type)
        {
            case TreeCacheEventType.Added:
                Assert.True(change.Path == root || _entries.ContainsKey(ZNodePath.Parent(change.Path!)), $"{change.Path} came before its parent.");
                Assert.True(_entries.TryAdd(change.Path!, change.Entry!), $"{change.Path} was added twice.");
                break;
            case TreeCacheEventType.Changed:
                Assert.True(_entries[change.Path!].Stat.Mzxid < change.Entry!.Stat.Mzxid, $"{change.Path} went back.");
                _entries[change.Path!] = change.Entry;
                break;
            case TreeCacheEventType.Removed:
                Assert.True(_entries.Remove(change.Path!), $"{change.Path} was removed twice.");
                break;
            case TreeCacheEventType.Resynchronized:
                Resynchronizations++;
                break;
        }
    }
}
