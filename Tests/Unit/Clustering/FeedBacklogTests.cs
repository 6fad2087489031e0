using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Tests.Unit.Clustering;

public sealed class FeedBacklogTests
{
    [Fact]
    public void BatchesBehindAZxidAreCopiedInOrder()
    {
        var backlog = Filled(batches: 10, mostBytes: 1000);

        Assert.Equal([4, 5, 6, 7, 8, 9, 10], After(backlog, 3));
        Assert.Equal([1, 2, 3], After(backlog, 0, bytes: 25));
        Assert.Equal([8], After(backlog, 7, bytes: 1));
        Assert.Empty(After(backlog, 10));
        Assert.False(backlog.CanFollow(10));
        Assert.True(backlog.CanFollow(9));
    }

    [Fact]
    public void OldestAreDroppedBeyondTheBound()
    {
        var backlog = Filled(batches: 100, mostBytes: 50);

        Assert.False(backlog.TryCopyAfter(94, 1000, []));
        Assert.False(backlog.CanFollow(94));
        Assert.Equal([96, 97, 98, 99, 100], After(backlog, 95));
    }

    [Fact]
    public void OneBatchBeyondTheBoundStays()
    {
        var backlog = Filled(batches: 3, mostBytes: 1);

        Assert.Equal([3], After(backlog, 2));
    }

    [Fact]
    public void SiloThatIsAheadNeedsNothing()
    {
        // It has read a batch from the log that was not published yet.
        Assert.Empty(After(Filled(batches: 3, mostBytes: 1000), 4));
    }

    private static FeedBacklog Filled(int batches, long mostBytes)
    {
        var backlog = new FeedBacklog(mostBytes);
        backlog.Begin(0);
        for (var zxid = 1; zxid <= batches; zxid++)
            backlog.Add(new FeedBatch(zxid - 1, zxid, new byte[10]));
        return backlog;
    }

    private static long[] After(FeedBacklog backlog, long zxid, int bytes = 1000)
    {
        var batches = new List<FeedBatch>();
        Assert.True(backlog.TryCopyAfter(zxid, bytes, batches));
        return [.. batches.Select(batch => batch.LastZxid)];
    }
}
