using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Tests.Unit.Watches;

/// <summary>Which watcher hears what, in which order, as ZooKeeper's two tables have it.</summary>
public sealed class WatchTableTests
{
    private readonly List<string> _log = [];
    private readonly WatchTable _table = new();
    private readonly DeliveryRound _round = new();
    private readonly RecordingWatcher _a;
    private readonly RecordingWatcher _b;
    private long _zxid;

    public WatchTableTests()
    {
        _a = new RecordingWatcher("a", _log);
        _b = new RecordingWatcher("b", _log);
    }

    [Fact]
    public void CreateTellsTheDataWatchersThenTheWatchersOfTheParentsChildren()
    {
        _table.Add(WatchKind.Children, "/p", _a, WatchModes.Standard);
        _table.Add(WatchKind.Data, "/p/c", _b, WatchModes.Standard);
        _table.Add(WatchKind.Data, "/p", _b, WatchModes.Standard);

        Create("/p/c", "/p");

        Assert.Equal(["b: NodeCreated /p/c 1", "a: NodeChildrenChanged /p 1"], _log);
    }

    [Fact]
    public void DeleteTellsDataThenChildrenWatchersOfTheZNodeThenThoseOfTheParent()
    {
        _table.Add(WatchKind.Children, "/p", _a, WatchModes.Standard);
        _table.Add(WatchKind.Children, "/p/c", _a, WatchModes.Standard);
        _table.Add(WatchKind.Data, "/p/c", _b, WatchModes.Standard);

        Delete("/p/c", "/p");

        Assert.Equal(["b: NodeDeleted /p/c 1", "a: NodeDeleted /p/c 1", "a: NodeChildrenChanged /p 1"], _log);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void DeletionIsToldOnceToWhoWatchesDataAndChildren()
    {
        _table.Add(WatchKind.Data, "/c", _a, WatchModes.Standard);
        _table.Add(WatchKind.Children, "/c", _a, WatchModes.Standard);

        Delete("/c", "/");

        Assert.Equal(["a: NodeDeleted /c 1"], _log);
        Assert.True(_table.IsEmpty);
    }

    [Fact]
    public void StandardWatchIsForTheFirstEventOnly()
    {
        _table.Add(WatchKind.Data, "/c", _a, WatchModes.Standard);

        SetData("/c");
        SetData("/c");

        Assert.Equal(["a: NodeDataChanged /c 1"], _log);
        Assert.False(_table.Contains(WatchKind.Data, "/c", _a, WatchModes.All));
    }

    [Fact]
    public void PersistentWatchStaysAndHearsOfDataAndChildrenButNotOfWhatIsBelow()
    {
        _table.Add(WatchKind.Data, "/p", _a, WatchModes.Persistent);
        _table.Add(WatchKind.Children, "/p", _a, WatchModes.Persistent);

        Create("/p", "/");
        SetData("/p");
        Create("/p/c", "/p");
        SetData("/p/c");
        Delete("/p/c", "/p");
        Delete("/p", "/");
        Create("/p", "/");

        Assert.Equal(
            [
                "a: NodeCreated /p 1", "a: NodeDataChanged /p 2", "a: NodeChildrenChanged /p 3", "a: NodeChildrenChanged /p 5",
                "a: NodeDeleted /p 6", "a: NodeCreated /p 7",
            ],
            _log);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/p")]
    public void RecursiveWatchHearsOfEverythingBelowButNotOfChildrenChanged(string root)
    {
        _table.Add(WatchKind.Data, root, _a, WatchModes.PersistentRecursive);

        Create("/p/c", "/p");
        SetData("/p/c");
        Create("/p/c/d", "/p/c");
        SetData("/pother");
        Delete("/p/c/d", "/p/c");

        string[] other = root == "/" ? ["a: NodeDataChanged /pother 4"] : [];
        Assert.Equal(
            ["a: NodeCreated /p/c 1", "a: NodeDataChanged /p/c 2", "a: NodeCreated /p/c/d 3", .. other, "a: NodeDeleted /p/c/d 5"], _log);
    }

    [Fact]
    public void OneChangeTellsAWatcherOnceHoweverItWatches()
    {
        _table.Add(WatchKind.Data, "/p/c", _a, WatchModes.Standard);
        _table.Add(WatchKind.Data, "/p/c", _a, WatchModes.Persistent);
        _table.Add(WatchKind.Data, "/p/c", _a, WatchModes.PersistentRecursive);
        _table.Add(WatchKind.Data, "/p", _a, WatchModes.PersistentRecursive);
        _table.Add(WatchKind.Data, "/", _a, WatchModes.PersistentRecursive);
        Assert.Equal(3, _table.Count);

        SetData("/p/c");
        Assert.Equal(["a: NodeDataChanged /p/c 1"], _log);
        Assert.False(_table.Contains(WatchKind.Data, "/p/c", _a, WatchModes.Standard));
        Assert.True(_table.Contains(WatchKind.Data, "/p/c", _a, WatchModes.Persistent));

        Delete("/p/c", "/p");
        Assert.Equal(["a: NodeDeleted /p/c 2"], _log[1..]);
    }

    [Fact]
    public void ListSetTellsNobody()
    {
        _table.Add(WatchKind.Data, "/c", _a, WatchModes.PersistentRecursive);
        Fire(ZNodeChangeKind.AclSet, "/c");
        Assert.Empty(_log);
    }

    [Fact]
    public void RemovalTakesOnlyTheModesItNames()
    {
        _table.Add(WatchKind.Data, "/c", _a, WatchModes.Standard | WatchModes.Persistent);
        _table.Add(WatchKind.Data, "/c", _b, WatchModes.Standard);

        Assert.False(_table.Remove(WatchKind.Data, "/c", _a, WatchModes.PersistentRecursive));
        Assert.False(_table.Remove(WatchKind.Children, "/c", _a, WatchModes.All));
        Assert.True(_table.Remove(WatchKind.Data, "/c", _a, WatchModes.Persistent));
        SetData("/c");
        SetData("/c");

        Assert.Equal(["a: NodeDataChanged /c 1", "b: NodeDataChanged /c 1"], _log.Order());
    }

    [Fact]
    public void NothingIsLeftOfAWatcherThatIsGone()
    {
        string[] paths = ["/a", "/a/b", "/c"];
        foreach (var path in paths)
        {
            _table.Add(WatchKind.Data, path, _a, WatchModes.PersistentRecursive);
            _table.Add(WatchKind.Children, path, _a, WatchModes.Standard);
        }

        _table.Add(WatchKind.Data, "/c", _b, WatchModes.Standard);
        _table.RemoveAll(_a);
        Create("/a/b", "/a");
        SetData("/c");

        Assert.Equal(["b: NodeDataChanged /c 2"], _log);
        Assert.True(_table.IsEmpty);
        Assert.Empty(_a.Watched.TakeAll());
        Assert.Equal((0, 0, 0), _table.SummarizeDataWatches());
    }

    [Fact]
    public void SummaryCountsDataWatchesOnly()
    {
        _table.Add(WatchKind.Data, "/a", _a, WatchModes.Standard);
        _table.Add(WatchKind.Data, "/a", _b, WatchModes.Persistent);
        _table.Add(WatchKind.Data, "/b", _b, WatchModes.Standard);
        _table.Add(WatchKind.Children, "/c", _b, WatchModes.Standard);

        Assert.Equal((2, 2, 3), _table.SummarizeDataWatches());
        Assert.Equal(4, _table.Count);
    }

    [Fact]
    public void EverybodyInAHerdHearsOnce()
    {
        RecordingWatcher[] herd = [.. Enumerable.Range(0, 10_000).Select(_ => new RecordingWatcher())];
        foreach (var watcher in herd)
            _table.Add(WatchKind.Data, "/lock", watcher, WatchModes.Standard);
        Assert.Equal(herd.Length, _table.Count);

        Delete("/lock", "/");
        Delete("/lock", "/");
        _round.Flush();

        Assert.All(herd, watcher => Assert.Equal(["NodeDeleted /lock 1"], watcher.Events));
        Assert.All(herd, watcher => Assert.Equal(1, watcher.Flushes));
        Assert.True(_table.IsEmpty);
    }

    private void Create(string path, string parent)
    {
        Fire(ZNodeChangeKind.Created, path);
        _zxid--;
        Fire(ZNodeChangeKind.ChildrenChanged, parent);
    }

    private void Delete(string path, string parent)
    {
        Fire(ZNodeChangeKind.Deleted, path);
        _zxid--;
        Fire(ZNodeChangeKind.ChildrenChanged, parent);
    }

    private void SetData(string path) => Fire(ZNodeChangeKind.DataSet, path);

    private void Fire(ZNodeChangeKind kind, string path)
    {
        var node = ZNode.Create(++_zxid, 0, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, null);
        _table.Fire(new ZNodeChange(kind, path, node), _zxid, _round);
    }
}
