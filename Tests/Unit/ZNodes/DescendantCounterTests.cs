using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;
using OrleansKeeper.Tests.Unit.Replication;
using OrleansKeeper.Tests.Unit.Storage;

namespace OrleansKeeper.Tests.Unit.ZNodes;

/// <summary>A count of znodes that are partly in memory and partly in the store.</summary>
public sealed class DescendantCounterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly DataDirectory _directory;
    private readonly SqliteZNodeStore _store;
    private readonly Replica _replica = new();
    private readonly DescendantCounter _counter;

    public DescendantCounterTests()
    {
        _directory = new DataDirectory(_folder.Path);
        _store = new SqliteZNodeStore(_directory);
        _replica.Begin(new(1, 1, 6), [], [], [], long.MaxValue);
        _counter = new DescendantCounter(_replica, _store, NullLogger<DescendantCounter>.Instance);
    }

    public void Dispose()
    {
        _counter.Dispose();
        _store.Dispose();
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_stands_in_the_store_or_only_in_memory_is_counted_once()
    {
        var model = await StoreAsync("/a", "/a/1", "/a/1/x", "/a/2", "/ab");
        _replica.Apply(model.Create("/a/3").Delete("/a/1/x").SetData("/a/2", [1]).Commit(), new DeliveryRound());

        Assert.Equal(3, await _counter.TryCountAsync("/a"));
        Assert.Equal(0, await _counter.TryCountAsync("/a/1"));
        Assert.Equal(0, await _counter.TryCountAsync("/ab"));
        Assert.Equal(0, await _counter.TryCountAsync("/none"));
    }

    [Fact]
    public async Task R7_Rows_that_are_ahead_of_memory_are_counted_when_memory_is_there()
    {
        var model = await StoreAsync("/a", "/a/1");
        var creation = model.Create("/a/2").Create("/a/3").Commit();
        await _store.BeginCheckpointAsync(1, creation.Zxid, TestContext.Current.CancellationToken);
        await WriteAsync(model, "/a/2");
        var counting = _counter.TryCountAsync("/a");
        await Task.WhenAny(counting, Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
        Assert.False(counting.IsCompleted);

        _replica.Apply(creation, new DeliveryRound());
        Assert.Equal(3, await counting.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_gives_no_count()
    {
        _store.Dispose();
        Assert.Null(await _counter.TryCountAsync("/a"));
    }

    /// <summary>The store has these znodes as of the mark, and memory none of them.</summary>
    private async Task<ModelTree> StoreAsync(params string[] paths)
    {
        var model = new ModelTree();
        foreach (var path in paths)
            model.Create(path);
        Assert.Equal(_replica.Mark, model.Commit().Zxid);
        await WriteAsync(model, paths);
        return model;
    }

    private ValueTask WriteAsync(ModelTree model, params string[] paths) =>
        _store.WriteZNodesAsync(1, [.. paths.Select(path => new ZNodeRow(path, model.Find(path)))], TestContext.Current.CancellationToken);
}
