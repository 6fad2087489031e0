using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using static OrleansKeeper.Tests.Unit.Sequencing.ValidationFixture;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>Rule R1: each request is validated against what all earlier ones leave, applied or not.</summary>
public sealed class RequestValidationTests
{
    private static readonly Acl[] Open = [.. Acls.OpenUnsafe];

    private readonly ValidationFixture _fixture = new();

    [Fact]
    public void StatsAreKeptAsZooKeeperDoes()
    {
        var created = _fixture.Create("/p");
        _fixture.Create("/p/a");
        var last = _fixture.Create("/p/b");
        _fixture.Time = 2000;
        var deleted = _fixture.Delete("/p/a");
        var set = _fixture.SetData("/p", 0);
        _fixture.SetAcl("/p", [.. Acls.ReadUnsafe], 0);
        _fixture.Apply();

        Assert.Equal(
            new Stat(created.Zxid, set.Zxid, 1000, 2000, Version: 1, Cversion: 3, Aversion: 1, 0, DataLength: 1, NumChildren: 1, deleted.Zxid),
            _fixture.Replica.Find("/p").Node!.Stat);
        Assert.Equal(new Stat(last.Zxid, last.Zxid, 1000, 1000, 0, 0, 0, 0, 1, 0, last.Zxid), _fixture.Replica.Find("/p/b").Node!.Stat);
    }

    [Fact]
    public void SequenceCountsAllChildrenEverCreated()
    {
        _fixture.Create("/p");
        Assert.Equal("/p/n-0000000000", CreatedPath(_fixture.Create("/p/n-", CreateMode.PersistentSequential)));
        _fixture.Create("/p/other");
        _fixture.Delete("/p/other");
        Assert.Equal("/p/0000000002", CreatedPath(_fixture.Create("/p/", CreateMode.EphemeralSequential)));
        _fixture.Apply();
        Assert.Equal("/p/n-0000000003", CreatedPath(_fixture.Create("/p/n-", CreateMode.PersistentSequential)));
        Assert.Equal(ErrorCode.BadArguments, _fixture.Create("/p/..\u0001", CreateMode.PersistentSequential).Error);
    }

    [Theory]
    [InlineData(OpCode.Create, 0, -1, nameof(ZNodeKind.Persistent), 0)]
    [InlineData(OpCode.Create, 1, -1, nameof(ZNodeKind.Ephemeral), Session)]
    [InlineData(OpCode.Create, 4, -1, nameof(ZNodeKind.Persistent), 0)]
    [InlineData(OpCode.Create2, 4, -1, nameof(ZNodeKind.Persistent), 0)]
    [InlineData(OpCode.CreateContainer, 4, -1, nameof(ZNodeKind.Container), 0)]
    [InlineData(OpCode.CreateContainer, 0, -1, nameof(ZNodeKind.Container), 0)]
    [InlineData(OpCode.CreateTtl, 5, 1, nameof(ZNodeKind.Ttl), 1)]
    [InlineData(OpCode.CreateTtl, 6, 0xff_ffff_ffff, nameof(ZNodeKind.Ttl), 0xff_ffff_ffff)]
    public void KindGoesByTheOperation(OpCode operation, int flags, long ttl, string kind, long ownerOrTtl)
    {
        var body = operation == OpCode.CreateTtl
            ? Body(new CreateTtlRequest("/x", [], Open, flags, ttl))
            : Body(new CreateRequest("/x", [], Open, flags));

        var transaction = _fixture.Order(operation, body);

        Assert.Equal(ErrorCode.Ok, transaction.Error);
        Assert.Equal((kind, ownerOrTtl), (transaction.Changes[0].Node.Kind.ToString(), transaction.Changes[0].Node.OwnerOrTtl));
        Assert.Equal(kind == nameof(ZNodeKind.Ephemeral) ? Session : 0, transaction.Changes[0].Node.Stat.EphemeralOwner);
    }

    [Fact]
    public void OperationsOfAMultiSeeWhatThoseBeforeDidAndShareOneZxid()
    {
        var transaction = _fixture.Multi(
            new CreateOperation(OpCode.Create, new CreateRequest("/m", [1], Open, 0)),
            new CheckOperation(new CheckVersionRequest("/m", 0)),
            new SetDataOperation(new SetDataRequest("/m", [2], 0)),
            new CreateOperation(OpCode.Create, new CreateRequest("/m/c", [], Open, 2)),
            new DeleteOperation(new DeleteRequest("/m/c0000000000", -1)),
            new DeleteOperation(new DeleteRequest("/m", 1)));

        Assert.All(transaction.Results, result => Assert.Equal(ErrorCode.Ok, result.Error));
        Assert.All(transaction.Changes, change => Assert.Equal(transaction.Zxid, change.Node.Zxid));
        _fixture.Apply();
        Assert.Equal(Residency.Absent, _fixture.Replica.Find("/m").Residency);
        Assert.Equal(1, _fixture.Replica.ZNodeCount);
    }

    [Fact]
    public void FailedMultiLeavesNothingAndSaysWhichOperationFailed()
    {
        _fixture.Create("/kept");
        var failed = _fixture.Multi(
            new SetDataOperation(new SetDataRequest("/kept", [9], -1)),
            new CreateOperation(OpCode.Create, new CreateRequest("/m", [], Open, 0)),
            new CheckOperation(new CheckVersionRequest("/kept", 7)),
            new DeleteOperation(new DeleteRequest("/kept", -1)));

        Assert.Equal(
            [ErrorCode.Ok, ErrorCode.Ok, ErrorCode.BadVersion, ErrorCode.RuntimeInconsistency], failed.Results.Select(result => result.Error));
        Assert.Equal(ErrorCode.Ok, failed.Error);
        Assert.Empty(failed.Changes);
        Assert.Equal(ErrorCode.NoNode, _fixture.SetData("/m").Error);
        Assert.Equal(ErrorCode.Ok, _fixture.SetData("/kept", 0).Error);
        _fixture.Apply();
        Assert.Equal([2], _fixture.Replica.Find("/kept").Node!.Data);
    }

    [Fact]
    public void MultiThatReadsIsRefused()
    {
        Assert.Equal(ErrorCode.MarshallingError, _fixture.Multi(new GetDataOperation(new PathWatchRequest("/", false))).Error);
        Assert.Equal((ErrorCode.Ok, 0), (_fixture.Multi().Error, _fixture.Multi().Results.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ClosingASessionDeletesItsEphemeralsUnderOneZxid(bool isApplied)
    {
        _fixture.Create("/p");
        _fixture.Create("/p/deleted", CreateMode.Ephemeral);
        _fixture.Create("/p/mine", CreateMode.Ephemeral);
        _fixture.Create("/p/other", CreateMode.Ephemeral, session: OtherSession);
        _fixture.Create("/p/persistent");
        if (isApplied)
            _fixture.Apply();

        // None of these is applied when the session closes.
        _fixture.SetData("/p/mine");
        _fixture.Delete("/p/deleted");
        _fixture.Create("/p/new", CreateMode.Ephemeral);
        _fixture.Create("/p/deleted", CreateMode.Ephemeral, session: OtherSession);

        var closed = _fixture.Close(Session);
        Assert.Equal(["/p/mine", "/p/new"], closed.Changes.Where(change => !change.Node.Exists).Select(change => change.Path).Order());
        Assert.Equal(ErrorCode.SessionExpired, _fixture.Create("/late").Error);
        Assert.Equal(ErrorCode.Ok, _fixture.Create("/late", session: OtherSession).Error);

        _fixture.Apply();
        Assert.Equal(["deleted", "other", "persistent"], ChildNames.Read(_fixture.Replica.Tree, "/p", out var parent)!.Order());
        Assert.Equal(closed.Zxid, parent.Node!.Pzxid);
        Assert.Null(_fixture.Replica.FindSession(Session));
        Assert.Empty(_fixture.Replica.Ephemerals.PathsOf(Session));
        Assert.Equal(2, _fixture.Replica.Ephemerals.Count);
    }

    [Fact]
    public void UnusedContainersAndTtlZNodesMayBeDeletedAndNoOthers()
    {
        _fixture.Order(OpCode.CreateContainer, Body(new CreateRequest("/container", [], Open, 4)));
        _fixture.Order(OpCode.CreateTtl, Body(new CreateTtlRequest("/ttl", [], Open, 5, 500)));
        _fixture.Create("/plain");
        Assert.Equal(ErrorCode.BadVersion, DeleteUnused("/container"));
        Assert.Equal(ErrorCode.BadVersion, DeleteUnused("/ttl"));
        _fixture.Create("/container/c");
        Assert.Equal(ErrorCode.NotEmpty, DeleteUnused("/container"));
        _fixture.Delete("/container/c");

        _fixture.Time = 1500;
        Assert.Equal(ErrorCode.BadVersion, DeleteUnused("/ttl"));
        _fixture.Time = 1501;
        Assert.Equal(ErrorCode.Ok, DeleteUnused("/container"));
        Assert.Equal(ErrorCode.Ok, DeleteUnused("/ttl"));
        Assert.Equal(ErrorCode.BadVersion, DeleteUnused("/plain"));
        Assert.Equal(ErrorCode.NoNode, DeleteUnused("/ttl"));
    }

    [Fact]
    public void RequestForWhatIsNotInMemoryWaitsAndChangesNothing()
    {
        var replica = new Replica();
        replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        var tree = new Grains.Sequencing.SpeculativeTree(replica);

        Assert.Null(Validate(tree, OpCode.Create, Body(new CreateRequest("/a/b", [], Open, 0)), NoSession, out var missing));
        Assert.Equal(["/a"], missing);
        Assert.Equal(0, tree.Outstanding);
    }

    [Fact]
    public void MultiForWhatIsNotInMemoryWaitsForAllOfItAtOnce()
    {
        var replica = new Replica();
        replica.Begin(new(0, 0, 1), [], [], [], long.MaxValue);
        replica.CompleteLoad(replica.BeginLoad("/here")!, Cold());
        var multi = new MultiRequest(
        [
            new CheckOperation(new("/here", -1)),
            new CheckOperation(new("/a", -1)),
            new SetDataOperation(new("/a", [], -1)),
            new CreateOperation(OpCode.Create, new("/b/c", [], Open, 0)),
            new CreateOperation(OpCode.Create, new("/d/s-", [], Open, (int)CreateMode.PersistentSequential)),
            new DeleteOperation(new("/e/f", -1)),
            new DeleteOperation(new(null, -1)),
        ]);

        Assert.Null(Validate(new Grains.Sequencing.SpeculativeTree(replica), OpCode.Multi, Body(multi), NoSession, out var missing));
        Assert.Equal(["/a", "/b", "/b/c", "/d", "/e", "/e/f"], missing);
    }

    [Fact]
    public void ClosingASessionNeedsNoneOfItsEphemeralsInMemoryAndAllTheirParentsAtOnce()
    {
        var secret = AccessControlList.Of([new Acl(Permissions.Read, new Id("digest", "a:b"))]);
        var replica = new Replica();
        replica.Begin(
            new(0, 0, 1),
            [],
            [new("/a/1", Session, secret), new("/a/2", Session, AccessControlList.OpenUnsafe), new("/b/1", Session, secret), new("/c/1", OtherSession, secret)],
            [],
            long.MaxValue);
        var tree = new Grains.Sequencing.SpeculativeTree(replica);

        Assert.Null(Validate(tree, OpCode.CloseSession, [], Session, out var missing));
        Assert.Equal(["/a", "/b"], missing);

        foreach (var parent in missing!)
            replica.CompleteLoad(replica.BeginLoad(parent)!, Cold());
        var closed = Validate(tree, OpCode.CloseSession, [], Session, out _)!;
        Assert.Equal(
            [("/a/1", secret), ("/a/2", AccessControlList.OpenUnsafe), ("/b/1", secret)],
            closed.Changes.Where(change => !change.Node.Exists).Select(change => (change.Path, change.Node.Acl)));
    }

    [Fact]
    public void ClosingASessionKnowsTheAccessControlListThatAnEphemeralHasByThen()
    {
        _fixture.Create("/e", CreateMode.Ephemeral);
        _fixture.SetAcl("/e", [.. Acls.ReadUnsafe]);
        _fixture.Apply();

        var closed = _fixture.Close(Session);

        Assert.Equal(AccessControlList.ReadUnsafe, closed.Changes[0].Node.Acl);
        Assert.Equal(AccessControlList.ReadUnsafe, Assert.Single(_fixture.Replica.Ephemerals.ZNodesOf(Session)).Value);
    }

    private static ZNode Cold() => ZNode.Create(0, 0, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, []);

    private static Grains.Transactions.Transaction? Validate(
        Grains.Sequencing.SpeculativeTree tree, OpCode operation, byte[] body, long session, out IReadOnlyList<string>? missing) =>
        Grains.Sequencing.RequestValidation.Validate(
            tree, "test", new GrainInterfaces.SubmittedRequest(1, session, operation, body, []), 1, 1, out missing);

    private static string CreatedPath(Grains.Transactions.Transaction transaction) => transaction.Changes[0].Path;

    private ErrorCode DeleteUnused(string path) => _fixture.Order(OpCode.DeleteContainer, Body(new PathRequest(path)), NoSession).Error;
}
