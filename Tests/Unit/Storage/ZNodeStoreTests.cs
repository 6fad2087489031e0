using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Storage;

/// <summary>What every provider's znode store does.</summary>
public abstract class ZNodeStoreTests
{
    private protected abstract IZNodeStore Store { get; }

    /// <summary>Closes the store and opens it again, as a restart does.</summary>
    private protected abstract ValueTask ReopenAsync();

    [Fact]
    public async Task NewStoreHasTheNodesThatEveryTreeHas()
    {
        Assert.Equal(new StoreMarks(0, 0, 4), await Store.ReadMarksAsync());

        var root = await ReadAsync("/");
        Assert.Equal(new Stat(0, 0, 0, 0, 0, Cversion: -1, 0, 0, 0, NumChildren: 1, 0), root.Stat);
        Assert.Equal(["zookeeper"], await ReadChildNamesAsync("/"));

        var zookeeper = await ReadAsync("/zookeeper");
        Assert.Equal(new Stat(0, 0, 0, 0, 0, Cversion: -2, 0, 0, 0, NumChildren: 2, 0), zookeeper.Stat);
        Assert.Equal(["config", "quota"], await ReadChildNamesAsync("/zookeeper"));

        Assert.Equal(AccessControlList.OpenUnsafe, (await ReadAsync("/zookeeper/quota")).Acl);
        Assert.Equal(AccessControlList.ReadUnsafe, (await ReadAsync("/zookeeper/config")).Acl);
        foreach (var path in new[] { "/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config" })
        {
            var node = await ReadAsync(path);
            Assert.True(node.IsDataResident);
            Assert.Empty(Assert.IsType<byte[]>(node.Data));
        }
    }

    [Fact]
    public async Task SeedDoesNotComeBackOverWhatWasWritten()
    {
        await Store.WriteZNodesAsync(1, [new("/zookeeper/quota", Node(7, [1])), new("/zookeeper/config", null)]);
        await ReopenAsync();

        Assert.Equal((byte[])[1], (await ReadAsync("/zookeeper/quota")).Data);
        Assert.Null((await Store.ReadZNodeAsync("/zookeeper/config")).Node);
    }

    [Fact]
    public async Task EveryFieldIsReadAsItWasWritten()
    {
        var written = new ZNode
        {
            Czxid = 1,
            Mzxid = long.MaxValue,
            Pzxid = 3L << 32,
            Zxid = 4,
            Ctime = 5,
            Mtime = -6,
            OwnerOrTtl = -7,
            Version = int.MaxValue,
            CreatedChildren = -8,
            Aversion = 9,
            NumChildren = 10,
            Kind = ZNodeKind.Ephemeral,
            Acl = AccessControlList.Of(
                [
                    new(Permissions.All, new Id("digest", "bo:ü")),
                    new((Permissions)(-1), new Id("", null)),
                    new(Permissions.None, new Id(new string('x', 300), "")),
                ]),
            Data = [1, 2, 3],
        };

        await Store.WriteZNodesAsync(1, [new("/a/ä b", written)]);
        await ReopenAsync();

        var read = await ReadAsync("/a/ä b");
        Assert.Equal(written.Stat, read.Stat);
        Assert.Equal(written.Zxid, read.Zxid);
        Assert.Equal(written.Kind, read.Kind);
        Assert.Equal(written.OwnerOrTtl, read.OwnerOrTtl);
        Assert.Equal(written.CreatedChildren, read.CreatedChildren);
        Assert.Equal(written.Acl, read.Acl);
        Assert.Equal(written.Data, read.Data);
    }

    [Fact]
    public async Task NoDataIsNotEmptyData()
    {
        await Store.WriteZNodesAsync(1, [new("/null", Node(1, null)), new("/empty", Node(1, []))]);

        Assert.Null((await ReadAsync("/null")).Data);
        Assert.Empty(Assert.IsType<byte[]>((await ReadAsync("/empty")).Data));
    }

    [Fact]
    public async Task LargeDataIsReadAsItWasWritten()
    {
        var data = new byte[1 << 20];
        new Random(1).NextBytes(data);

        await Store.WriteZNodesAsync(1, [.. Enumerable.Range(0, 10).Select(i => new ZNodeRow($"/large{i}", Node(1, data)))]);

        Assert.Equal(data, (await ReadAsync("/large9")).Data);
    }

    [Fact]
    public async Task RowWrittenWithoutItsDataKeepsIt()
    {
        var node = Node(1, [1, 2, 3]);
        await Store.WriteZNodesAsync(1, [new("/a", node)]);

        await Store.WriteZNodesAsync(1, [new("/a", node.WithoutData().WithChildCreated(2))]);

        var read = await ReadAsync("/a");
        Assert.Equal((byte[])[1, 2, 3], read.Data);
        Assert.Equal(2, read.Zxid);
        Assert.Equal(1, read.NumChildren);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteZNodesAsync(1, [new("/b", node.WithoutData())]).AsTask());
    }

    [Fact]
    public async Task NewRowsAreWrittenBesideOthers()
    {
        await Store.WriteZNodesAsync(1, [new("/a", Node(1, [1])), new("/b", Node(1, [1]))]);

        await Store.WriteZNodesAsync(
            1, [new("/c", Node(2, [2]), isNew: true), new("/a", Node(2, [2])), new("/d", null), new("/b", null), new("/0", Node(2, []), isNew: true)]);

        Assert.Equal(["0", "a", "c", "zookeeper"], await ReadChildNamesAsync("/"));
        Assert.Equal((byte[])[2], (await ReadAsync("/a")).Data);
        Assert.Equal((byte[])[2], (await ReadAsync("/c")).Data);
    }

    [Fact]
    public async Task ChildNamesAreThoseOfTheZNodeAlone()
    {
        await Store.WriteZNodesAsync(
            1,
            [.. new[] { "/b", "/a", "/a/2", "/a/1", "/a/1/x", "/ab/y" }.Select(path => new ZNodeRow(path, Node(1, [])))]);
        await Store.WriteZNodesAsync(1, [new("/a/2", null)]);

        Assert.Equal(["1"], await ReadChildNamesAsync("/a"));
        var visited = new List<string>();
        await Store.VisitChildNamesAsync("/", visited.Add);
        Assert.Equal(["a", "b", "zookeeper"], visited.Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b", "zookeeper"], await ReadChildNamesAsync("/"));
        Assert.Empty(await ReadChildNamesAsync("/none"));
    }

    [Fact]
    public async Task ZNodesBelowAPathAreVisitedOnceEach()
    {
        var longName = new string('n', 3000);
        string[] below = ["/a/1", "/a/1/x", "/a/1/x/y", "/a/0", "/a/ä", $"/a/{longName}", $"/a/{longName}/1", $"/a/{longName}/1/2"];
        string[] beside = ["/a", "/a0", "/a0/x", "/a-b", "/a-b/x", "/a!/x", "/ab", "/ab/x", "/b/a/x", $"/b{longName}/x", $"/a{longName}/x"];
        await Store.WriteZNodesAsync(1, [.. below.Concat(beside).Select(path => new ZNodeRow(path, Node(1, [])))]);

        Assert.Equal(below.Order(StringComparer.Ordinal), await VisitBelowAsync("/a"));
        Assert.Equal([$"/a/{longName}/1", $"/a/{longName}/1/2"], await VisitBelowAsync($"/a/{longName}"));
        Assert.Equal([$"/a/{longName}/1/2"], await VisitBelowAsync($"/a/{longName}/1"));
        Assert.Empty(await VisitBelowAsync("/a0/x"));
        Assert.Empty(await VisitBelowAsync("/none"));
    }

    [Fact]
    public async Task EphemeralsAndContainersAreFound()
    {
        await Store.WriteZNodesAsync(
            1,
            [
                new("/e", ZNode.Create(1, 1, ZNodeKind.Ephemeral, 42, AccessControlList.OpenUnsafe, null)),
                new("/a/e", ZNode.Create(1, 1, ZNodeKind.Ephemeral, 43, AccessControlList.ReadUnsafe, null)),
                new("/c", ZNode.Create(1, 1, ZNodeKind.Container, 0, AccessControlList.OpenUnsafe, null)),
                new("/t", ZNode.Create(1, 1, ZNodeKind.Ttl, 1000, AccessControlList.OpenUnsafe, null)),
                new("/p", Node(1, null)),
            ]);

        Assert.Equal(
            [new("/a/e", 43, AccessControlList.ReadUnsafe), new("/e", 42, AccessControlList.OpenUnsafe)],
            (await Store.ReadEphemeralsAsync()).OrderBy(ephemeral => ephemeral.Path, StringComparer.Ordinal));
        Assert.Equal(["/c", "/t"], (await Store.ReadContainersAsync()).Order());
    }

    [Fact]
    public async Task SessionsAreWrittenAndRemoved()
    {
        await Store.WriteSessionsAsync(1, [new(-1, [1, 2], 4000), new(2, [3], 5000)]);
        await Store.WriteSessionsAsync(1, [new(2, null, 0), new(-1, [1, 2], 6000)]);
        await ReopenAsync();

        var session = Assert.Single(await Store.ReadSessionsAsync());
        Assert.Equal((-1L, 6000), (session.SessionId, session.TimeoutMilliseconds));
        Assert.Equal((byte[])[1, 2], session.PasswordHash);
    }

    /// <summary>A silo that begins with the tables must not take requests by way of a silo that the session has left.</summary>
    [Fact]
    public async Task SessionsKeepTheirOwner()
    {
        await Store.WriteSessionsAsync(1, [new(1, [1], 4000, "silo 1"), new(2, [2], 4000), new(3, [3], 4000, "silo 1")]);
        await Store.WriteSessionsAsync(1, [new(1, [1], 4000, "silo 2")]);
        await ReopenAsync();

        var owners = (await Store.ReadSessionsAsync()).ToDictionary(session => session.SessionId, session => session.Owner);
        Assert.Equal(("silo 2", null, "silo 1"), (owners[1], owners[2], owners[3]));
    }

    [Fact]
    public async Task R7_CheckpointThatIsCutShortKeepsItsMarkAndIsRepeated()
    {
        await Store.BeginCheckpointAsync(1, 10);
        await Store.WriteZNodesAsync(1, [new("/a", Node(10, []))]);
        await ReopenAsync();
        Assert.Equal(new StoreMarks(0, 10, 4), await Store.ReadMarksAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CompleteCheckpointAsync(1, 10, 6).AsTask());

        await Store.BeginCheckpointAsync(2, 12);
        await Store.WriteZNodesAsync(2, [new("/a", Node(11, [])), new("/b", Node(12, []))]);
        await Store.CompleteCheckpointAsync(2, 12, 6);
        await ReopenAsync();

        Assert.Equal(new StoreMarks(12, 12, 6), await Store.ReadMarksAsync());
        Assert.Equal(11, (await ReadAsync("/a")).Zxid);
    }

    [Fact]
    public async Task R7_RowsComeWithTheTargetOfTheCheckpointThatWroteThem()
    {
        await Store.BeginCheckpointAsync(1, 10);
        await Store.WriteZNodesAsync(1, [new("/a", Node(10, [1])), new("/a/b", Node(9, []))]);
        await Store.CompleteCheckpointAsync(1, 10, 6);

        await Store.BeginCheckpointAsync(1, 20);
        await Store.WriteZNodesAsync(1, [new("/a", Node(15, [2])), new("/a/b", null)]);

        var written = await Store.ReadZNodeAsync("/a");
        Assert.Equal((15, 20), (written.Node!.Zxid, written.Target));
        Assert.Equal(new StoredZNode(null, 20), await Store.ReadZNodeAsync("/a/b"));
        var children = await Store.ReadChildNamesAsync("/a");
        Assert.Equal(20, children.Target);
        Assert.Empty(children.Names);
        Assert.Equal(20, (await Store.ReadChildNamesAsync("/")).Target);
    }

    [Fact]
    public async Task R7_VisitedRowsComeWithTheTargetAlsoWhenThereAreNone()
    {
        await Store.BeginCheckpointAsync(1, 20);
        await Store.WriteZNodesAsync(1, [new("/a", Node(15, [])), new("/a/b", Node(16, []))]);

        Assert.Equal(20, await Store.VisitBelowAsync("/a", _ => { }));
        Assert.Equal(20, await Store.VisitBelowAsync("/none", _ => { }));
        Assert.Equal(20, await Store.VisitChildNamesAsync("/a", _ => { }));
        Assert.Equal(20, await Store.VisitChildNamesAsync("/none", _ => { }));
    }

    [Fact]
    public async Task R7_RowIsNeverReadWithAnEarlierTargetThanItsOwn()
    {
        const int Checkpoints = 200;
        var writing = Task.Run(async () =>
        {
            for (var target = 1L; target <= Checkpoints; target++)
            {
                await Store.BeginCheckpointAsync(1, target);
                await Store.WriteZNodesAsync(1, [new("/a", Node(target, [])), new($"/a/{target}", Node(target, []))]);
                await Store.CompleteCheckpointAsync(1, target, 4 + 1 + target);
            }
        });

        // The readers see the tables at any moment, also between the rows and the mark.
        while (!writing.IsCompleted)
        {
            var node = await Store.ReadZNodeAsync("/a");
            var children = await Store.ReadChildNamesAsync("/a");
            Assert.InRange(node.Node?.Zxid ?? 0, 0, node.Target);
            Assert.InRange(children.Names.Count, 0, children.Target);
        }

        await writing;
        Assert.Equal(Checkpoints, (await Store.ReadChildNamesAsync("/a")).Names.Count);
    }

    [Fact]
    public async Task R3_OlderEpochIsRefusedAndWritesNothing()
    {
        await Store.BeginCheckpointAsync(2, 20);

        await AssertFencedAsync(() => Store.BeginCheckpointAsync(1, 10));
        await AssertFencedAsync(() => Store.WriteZNodesAsync(1, [new("/a", Node(10, []))]));
        await AssertFencedAsync(() => Store.WriteSessionsAsync(1, [new(1, [1], 1)]));
        await AssertFencedAsync(() => Store.CompleteCheckpointAsync(1, 20, 1));
        await ReopenAsync();
        await AssertFencedAsync(() => Store.WriteZNodesAsync(1, [new("/a", Node(10, []))]));

        Assert.Equal(new StoreMarks(0, 20, 4), await Store.ReadMarksAsync());
        Assert.Null((await Store.ReadZNodeAsync("/a")).Node);
        Assert.Empty(await Store.ReadSessionsAsync());
    }

    [Fact]
    public async Task R3_OlderEpochDoesNotDisturbTheCheckpointOfALaterOne()
    {
        await Store.BeginCheckpointAsync(1, 20);
        await Store.WriteZNodesAsync(1, [new("/a", Node(10, [1]))]);
        await Store.BeginCheckpointAsync(2, 20);

        await AssertFencedAsync(() => Store.WriteZNodesAsync(1, [new("/a", Node(10, [9]))]));
        await AssertFencedAsync(() => Store.CompleteCheckpointAsync(1, 20, 9));
        await Store.WriteZNodesAsync(2, [new("/a", Node(20, [2]))]);
        await AssertFencedAsync(() => Store.BeginCheckpointAsync(1, 21));
        await AssertFencedAsync(() => Store.CompleteCheckpointAsync(1, 20, 9));
        await Store.CompleteCheckpointAsync(2, 20, 5);
        await AssertFencedAsync(() => Store.CompleteCheckpointAsync(1, 20, 9));

        // Who wrote before may write again, in a later epoch.
        await Store.BeginCheckpointAsync(3, 30);
        await Store.WriteSessionsAsync(3, [new(7, [1], 4000)]);
        await Store.CompleteCheckpointAsync(3, 30, 5);
        Assert.Equal(new StoreMarks(30, 30, 5), await Store.ReadMarksAsync());
        Assert.Equal((byte[])[2], (await ReadAsync("/a")).Data);
    }

    [Fact]
    public async Task ReadsGoOnWhileRowsAreWritten()
    {
        var rows = Enumerable.Range(0, 100_000).Select(i => new ZNodeRow($"/p{i % 100}/n{i}", Node(1, new byte[100]))).ToArray();
        var writing = Store.WriteZNodesAsync(1, rows).AsTask();

        var reads = 0;
        while (!writing.IsCompleted)
        {
            Assert.NotNull((await Store.ReadZNodeAsync("/zookeeper")).Node);
            reads++;
        }

        await writing;
        Assert.True(reads > 10);
        Assert.Equal(1000, (await ReadChildNamesAsync("/p7")).Count);
    }

    private protected static ZNode Node(long zxid, byte[]? data) =>
        ZNode.Create(zxid, 1000, ZNodeKind.Persistent, 0, AccessControlList.OpenUnsafe, data);

    private protected static async Task AssertFencedAsync(Func<ValueTask> write) =>
        Assert.Equal(1, (await Assert.ThrowsAsync<EpochFencedException>(() => write().AsTask())).Epoch);

    private protected async Task<ZNode> ReadAsync(string path)
    {
        var stored = await Store.ReadZNodeAsync(path);
        Assert.NotNull(stored.Node);
        return stored.Node;
    }

    private protected async Task<IReadOnlyList<string>> ReadChildNamesAsync(string path) => (await Store.ReadChildNamesAsync(path)).Names;

    private async Task<IEnumerable<string>> VisitBelowAsync(string path)
    {
        var visited = new List<string>();
        await Store.VisitBelowAsync(path, visited.Add);
        return visited.Order(StringComparer.Ordinal);
    }
}
