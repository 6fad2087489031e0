using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Caching;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Recipes.Caching;

/// <summary>
/// Drives a cache's rules in small steps whose order the seed decides: the tree changes, an event arrives and its read is sent, the service answers a read
/// (later, in order, with the state of then), an answer is applied, a reader reads or does not, events are missed and the subtree is read again
/// while it changes.
/// </summary>
internal sealed class TreeCacheSimulation
{
    private const string Root = "/cache";
    private static readonly string[] Universe =
        [Root, $"{Root}/a", $"{Root}/b", $"{Root}/a/x", $"{Root}/a/y", $"{Root}/b/x", $"{Root}/a/x/p", $"{Root}/a/x/q"];

    private readonly Random _random;
    private readonly ModelZNodes _model;
    private readonly TreeCacheState _state;
    private readonly Queue<(WatchEvent Event, int Loads)> _unanswered = new();
    private readonly Queue<(WatchEvent Event, int Loads, ZNodeContent? Content)> _answered = new();
    private readonly List<ReplayedReader> _readers = [];
    private int _loads;

    public TreeCacheSimulation(int seed, int capacity)
    {
        _random = new Random(seed);
        _model = new ModelZNodes(_random, Root, Universe);
        _state = new TreeCacheState(Root, capacity);
        for (var i = 0; i < 20; i++)
            _model.Change();
        _model.Events.Clear();
        Load();
        _readers.Add(new ReplayedReader(_state, Root, capacity));
    }

    public IEnumerable<ReplayedReader> Readers => _readers;

    public int Changes { get; private set; }

    public void Step()
    {
        switch (_random.Next(1000))
        {
            case < 130:
                _model.Change();
                break;
            case < 360:
                Send();
                break;
            case < 590:
                Answer();
                break;
            case < 820:
                Apply();
                break;
            case < 990:
                _readers[_random.Next(_readers.Count)].Read();
                break;
            case < 993:
                _model.Events.Clear();
                _model.Events.Enqueue(new WatchEvent(WatchEventType.Missed, Root, _model.Zxid));
                break;
            default:
                if (_readers.Count < 3)
                    _readers.Add(new ReplayedReader(_state, Root, _readers[0].Capacity));
                break;
        }
    }

    public void FinishAndCheck()
    {
        while (Send() || Answer() || Apply() || _readers.Any(reader => reader.Read()))
        {
        }

        AssertSame(_model.All, _state.View.Root?.DescendantsAndSelf().ToDictionary(entry => entry.Path) ?? []);
        foreach (var reader in _readers)
            AssertSame(_model.All, reader.Entries);
    }

    private static void AssertSame(IReadOnlyDictionary<string, ZNodeContent> expected, IReadOnlyDictionary<string, TreeCacheEntry> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (path, content) in expected)
        {
            Assert.Equal(content.Data.ToArray(), actual[path].Data.ToArray());
            Assert.Equal((content.Stat.Czxid, content.Stat.Mzxid), (actual[path].Stat.Czxid, actual[path].Stat.Mzxid));
        }
    }

    private bool Send()
    {
        if (!_model.Events.TryDequeue(out var watchEvent))
            return false;
        _unanswered.Enqueue((watchEvent, _loads));
        return true;
    }

    private bool Answer()
    {
        if (!_unanswered.TryDequeue(out var read))
            return false;
        _answered.Enqueue((read.Event, read.Loads, _model.Read(read.Event.Path)));
        return true;
    }

    private bool Apply()
    {
        if (!_answered.TryDequeue(out var answer))
            return false;
        if (answer.Event.Type == WatchEventType.Missed)
        {
            Load();
            return true;
        }

        var content = answer.Loads == _loads ? answer.Content : _model.Read(answer.Event.Path);
        foreach (var (change, view) in TreeChanges.Apply(_state.View, answer.Event, content))
        {
            Changes++;
            _state.Publish(change, view);
        }

        return true;
    }

    private void Load()
    {
        _state.Replace(new TreeView(Root, LoadSubtree(Root)));
        _loads++;
    }

    // The tree changes between any two reads.
    private TreeCacheEntry? LoadSubtree(string path)
    {
        MaybeChange();
        if (_model.Read(path) is not { } content)
            return null;
        MaybeChange();
        var children = TreeCacheEntry.NoChildren;
        foreach (var child in _model.Children(path))
        {
            if (LoadSubtree(child) is { } entry)
                children = children.Add(ZNodePath.Name(child).ToString(), entry);
        }

        return new TreeCacheEntry(path, content, children);
    }

    private void MaybeChange()
    {
        if (_random.Next(3) == 0)
            _model.Change();
    }
}
