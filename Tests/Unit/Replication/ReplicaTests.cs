using System.Text;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Tests.Unit.Watches;

namespace OrleansKeeper.Tests.Unit.Replication;

public sealed class ReplicaTests
{
    private readonly ModelTree _model = new();
    private readonly Replica _replica = new();
    private readonly DeliveryRound _round = new();

    public ReplicaTests()
    {
        _replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        _replica.CompleteLoad(_replica.BeginLoad("/")!, ModelTree.Root);
    }

    [Fact]
    public void ApplyingTwiceChangesNothing()
    {
        var create = _model.Create("/a", [1]).Create("/a/b").Commit();
        var change = _model.SetData("/a", [2]).Delete("/a/b").Commit();
        Apply(create, change);
        var before = (_replica.Find("/a").Node, _replica.Find("/a/b").Residency, _replica.ZNodeCount, _replica.DirtyCount, _replica.ResidentBytes);

        Apply(create, change, create);

        Assert.Equal(
            before, (_replica.Find("/a").Node, _replica.Find("/a/b").Residency, _replica.ZNodeCount, _replica.DirtyCount, _replica.ResidentBytes));
        Assert.Equal(change.Zxid, _replica.Watermark);
    }

    [Fact]
    public void ZNodeCreatedAndDeletedBetweenTwoCheckpointsNeverReachesTheStore()
    {
        Apply(_model.Create("/kept").Commit(), _model.Create("/gone").Commit(), _model.Delete("/gone").Commit(), _model.Create("/x").Delete("/x").Commit());

        var content = _replica.TakeCheckpoint();

        Assert.Equal(["/", "/kept"], PathsOf(content));
        Assert.Equal(_model.LastZxid, content.Target);
        Assert.Equal(2, content.ZNodeCount);
    }

    [Fact]
    public void OnlyWhatNoCheckpointHasTakenYetIsNew()
    {
        Apply(_model.Create("/a").Commit());
        Assert.Equal(["/a"], NewPathsOf(_replica.TakeCheckpoint()));

        // Whether the first one has written /a or not.
        Apply(_model.SetData("/a", [1]).Commit(), _model.Create("/b").Commit());
        Assert.Equal(["/b"], NewPathsOf(_replica.TakeCheckpoint()));

        _replica.BeginFollowing();
        Apply(_model.Create("/c").Commit());
        _replica.BeginLeading();
        Apply(_model.Create("/d").Commit());
        Assert.Equal(["/d"], NewPathsOf(_replica.TakeCheckpoint()));
    }

    [Fact]
    public void DeletionOfAStoredZNodeReachesTheStoreAndIsForgottenThen()
    {
        Apply(_model.Create("/a").Commit());
        _replica.CheckpointCompleted(_replica.TakeCheckpoint());
        Apply(_model.Delete("/a").Commit());

        var content = _replica.TakeCheckpoint();
        Assert.Contains(content.Places, entry => entry is { Place.Path: "/a", Version.Exists: false });
        var place = _replica.Find("/a").Place;
        Assert.NotNull(place);

        _replica.CheckpointCompleted(content);
        Assert.Equal(Residency.Absent, _replica.Find("/a").Residency);
        Assert.Null(_replica.Find("/a").Place);
        Assert.Equal(0, _replica.DirtyCount);
    }

    [Fact]
    public void ZNodeThatIsDeletedWhileACheckpointWritesItIsDeletedByTheNext()
    {
        Apply(_model.Create("/a").Commit());
        var first = _replica.TakeCheckpoint();
        Apply(_model.Delete("/a").Commit());
        _replica.CheckpointCompleted(first);

        Assert.Contains(_replica.TakeCheckpoint().Places, entry => entry is { Place.Path: "/a", Version.Exists: false });
    }

    [Fact]
    public void WhatAFailedCheckpointTookIsInTheNextOneAsItIsThen()
    {
        Apply(_model.Create("/a", [1]).Commit());
        var failed = _replica.TakeCheckpoint();
        Apply(_model.SetData("/a", [2]).Commit(), _model.Create("/b").Commit());
        _replica.CheckpointFailed(failed);

        var content = _replica.TakeCheckpoint();
        Assert.Equal(["/", "/a", "/b"], PathsOf(content));
        Assert.Equal([2], content.Places.Single(entry => entry.Place.Path == "/a").Version.Data);
        Assert.Equal(0, _replica.Mark);
    }

    [Fact]
    public void WhatIsResidentByTheEndOfALoadWinsOverTheRow()
    {
        var replica = Restarted(out var store);
        var place = replica.BeginLoad("/a")!;
        var stale = store.Read("/a");
        replica.Apply(_model.SetData("/a", [9]).Commit(), _round);

        replica.CompleteLoad(place, stale);

        Assert.Equal([9], replica.Find("/a").Node!.Data);
        Assert.Equal(_model.LastZxid, replica.Find("/a").Node!.Mzxid);
    }

    [Fact]
    public void RowGivesTheDataThatALoggedChangeLeftOut()
    {
        var replica = Restarted(out var store);
        var place = replica.BeginLoad("/a")!;
        replica.Apply(_model.Create("/a/new").Commit(withoutUnchangedData: true), _round);
        Assert.False(replica.Find("/a").Node!.IsDataResident);

        replica.CompleteLoad(place, store.Read("/a"));

        Assert.Equal([1], replica.Find("/a").Node!.Data);
        Assert.Equal(_model.Find("/a")!.Stat, replica.Find("/a").Node!.Stat);
    }

    [Fact]
    public void ChildrenThatCameAndWentWhileTheNamesWereReadAreKnown()
    {
        var replica = Restarted(out var store);
        replica.CompleteLoad(replica.BeginLoad("/a")!, store.Read("/a"));
        var place = replica.BeginLoad("/a")!;
        var names = store.ReadChildNames("/a");
        replica.Apply(_model.Create("/a/new").Commit(), _round);
        replica.Apply(_model.Delete("/a/b").Commit(), _round);
        replica.Apply(_model.Create("/a/brief").Commit(), _round);
        replica.Apply(_model.Delete("/a/brief").Commit(), _round);

        replica.CompleteLoadOfChildren(place, names);

        Assert.Equal(["c", "new"], ChildNames.Read(replica.Tree, "/a", out _)!.Order());
        Assert.Equal(Residency.Absent, replica.Find("/a/b").Residency);
        Assert.Equal(Residency.Absent, replica.Find("/a/never").Residency);
        Assert.Equal(Residency.NotResident, replica.Find("/a/c").Residency);
    }

    [Fact]
    public void ZNodeLargerThanTheBudgetCanBeRead()
    {
        var replica = Restarted(out var store, cacheBytes: 1);
        store.Write(new("/a", _model.Find("/a")!.WithData(1, 1, new byte[100_000])));

        replica.CompleteLoad(replica.BeginLoad("/a")!, store.Read("/a"));
        Assert.Equal(100_000, replica.Find("/a").Node!.Data!.Length);

        for (var other = 0; other < 3; other++)
            replica.CompleteLoad(replica.BeginLoad($"/a/{other}")!, null);
        Assert.Equal(Residency.NotResident, replica.Find("/a").Residency);
    }

    [Fact]
    public async Task WaitingForAZxidEndsWhenItIsShown()
    {
        await _replica.WaitForAsync(0);
        var first = _replica.WaitForAsync(1);
        var second = _replica.WaitForAsync(2);
        Assert.False(first.IsCompleted);

        Apply(_model.Create("/a").Commit());
        await first.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(second.IsCompleted);

        Apply(_model.Create("/b").Commit());
        await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void EventsFireBeforeTheChangeCanBeRead()
    {
        var watcher = new RecordingWatcher { OnEvent = watchEvent => _replica.Find(watchEvent.Path).Residency.ToString() };
        _replica.Watches.Add(WatchKind.Data, "/a", watcher, WatchModes.Persistent);

        Apply(_model.Create("/a").Commit(), _model.Delete("/a").Commit());

        Assert.Equal(["NodeCreated /a 1 Absent", "NodeDeleted /a 2 Present"], watcher.Events);
    }

    private static string[] NewPathsOf(CheckpointContent content) =>
        [.. content.Places.Where(entry => entry.IsNew).Select(entry => entry.Place.Path).Order(StringComparer.Ordinal)];

    private static string[] PathsOf(CheckpointContent content) => [.. content.Places.Select(entry => entry.Place.Path).Order(StringComparer.Ordinal)];

    private void Apply(params Transaction[] transactions)
    {
        foreach (var transaction in transactions)
            _replica.Apply(transaction, _round);
    }

    /// <summary>A replica of which /a with data 1 and its children b and c are in the store alone.</summary>
    private Replica Restarted(out InMemoryZNodeStore store, long cacheBytes = long.MaxValue)
    {
        Apply(_model.Create("/a", [1]).Create("/a/b", Encoding.UTF8.GetBytes("b")).Create("/a/c").Commit());
        var content = _replica.TakeCheckpoint();
        store = new InMemoryZNodeStore();
        foreach (var (place, version, _) in content.Places)
            store.Write(new(place.Path, version));
        store.Begin(content.Target);
        store.Complete(content.Target, content.ZNodeCount);
        var replica = new Replica();
        replica.Begin(store.Marks, [], [], [], cacheBytes);
        return replica;
    }
}
