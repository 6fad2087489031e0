using OrleansKeeper.ClientSdk.Recipes.Caching;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Recipes.Caching;

/// <summary>Reads a cache's changes and does them one after the other; each must be possible where it comes.</summary>
internal sealed class ReplayedReader(TreeCacheState state, string root, int capacity)
{
    private readonly TreeCacheReader _reader = state.Subscribe();
    private readonly Dictionary<string, TreeCacheEntry> _entries =
        state.View.Root?.DescendantsAndSelf().ToDictionary(entry => entry.Path) ?? [];

    public IReadOnlyDictionary<string, TreeCacheEntry> Entries => _entries;

    public int Resynchronizations { get; private set; }

    public int Capacity => capacity;

    /// <summary>Reads one event, or what was missed.</summary>
    /// <returns>Whether there was something.</returns>
    public bool Read()
    {
        if (_reader.TryRead(out var change))
        {
            Replay(change);
            return true;
        }

        if (state.CatchUp(_reader) is not { } differences)
            return false;
        Resynchronizations++;
        foreach (var difference in differences)
            Replay(difference);
        return true;
    }

    private void Replay(TreeCacheEvent change)
    {
        switch (change.Type)
        {
            case TreeCacheEventType.Added:
                Assert.True(change.Path == root || _entries.ContainsKey(ZNodePath.Parent(change.Path!)), $"{change.Path} was added before its parent.");
                Assert.True(_entries.TryAdd(change.Path!, change.Entry!), $"{change.Path} was added twice.");
                break;
            case TreeCacheEventType.Changed:
                Assert.Equal(_entries[change.Path!].Stat.Czxid, change.Entry!.Stat.Czxid);
                Assert.True(_entries[change.Path!].Stat.Mzxid < change.Entry.Stat.Mzxid, $"{_entries[change.Path!].Stat} became {change.Entry.Stat}.");
                _entries[change.Path!] = change.Entry;
                break;
            case TreeCacheEventType.Removed:
                Assert.DoesNotContain(_entries.Keys, path => path != root && ZNodePath.Parent(path) == change.Path);
                Assert.True(_entries.Remove(change.Path!), $"{change.Path} was removed twice.");
                break;
            default:
                Assert.Fail($"Nobody publishes {change.Type}.");
                break;
        }
    }
}
