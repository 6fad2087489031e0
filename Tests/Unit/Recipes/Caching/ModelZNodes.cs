using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Recipes.Caching;

/// <summary>A tree that changes by random transactions of one to three operations, and the events that a recursive watch hears.</summary>
internal sealed class ModelZNodes(Random random, string root, string[] universe)
{
    private readonly SortedDictionary<string, ZNodeContent> _znodes = new(StringComparer.Ordinal);

    public Queue<WatchEvent> Events { get; } = new();

    public IReadOnlyDictionary<string, ZNodeContent> All => _znodes;

    public long Zxid { get; private set; }

    public ZNodeContent? Read(string path) =>
        _znodes.TryGetValue(path, out var content) ? content with { Stat = content.Stat with { NumChildren = Children(path).Count } } : null;

    public List<string> Children(string path) => [.. _znodes.Keys.Where(other => other != root && ZNodePath.Parent(other) == path)];

    public void Change()
    {
        Zxid++;
        for (var i = random.Next(3); i >= 0; i--)
            ChangeOne(universe[random.Next(universe.Length)]);
    }

    private void ChangeOne(string path)
    {
        byte[] data = [(byte)random.Next(256), (byte)random.Next(256)];
        if (!_znodes.TryGetValue(path, out var content))
        {
            if (path != root && !_znodes.ContainsKey(ZNodePath.Parent(path)))
                return;
            _znodes[path] = new ZNodeContent(data, new Stat { Czxid = Zxid, Mzxid = Zxid });
            Events.Enqueue(new WatchEvent(WatchEventType.NodeCreated, path, Zxid));
        }
        else if (Children(path).Count == 0 && random.Next(2) == 0)
        {
            _znodes.Remove(path);
            Events.Enqueue(new WatchEvent(WatchEventType.NodeDeleted, path, Zxid));
        }
        else
        {
            _znodes[path] = new ZNodeContent(data, content.Stat with { Mzxid = Zxid, Version = content.Stat.Version + 1 });
            Events.Enqueue(new WatchEvent(WatchEventType.NodeDataChanged, path, Zxid));
        }
    }
}
