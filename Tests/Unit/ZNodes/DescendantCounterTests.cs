using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Grains.ZNodes;

namespace OrleansKeeper.Tests.Unit.ZNodes;

/// <summary>A count of znodes that are partly in memory and partly in the store.</summary>
public sealed class DescendantCounterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ColdStoreFixture _cold = new(znodeCount: 6);
    private readonly DescendantCounter _counter;

    public DescendantCounterTests() =>
        _counter = new DescendantCounter(_cold.Replica, _cold.Store, NullLogger<DescendantCounter>.Instance);

    public void Dispose()
    {
        _counter.Dispose();
        _cold.Dispose();
    }

    [Fact]
    public async Task What_stands_in_the_store_or_only_in_memory_is_counted_once()
    {
        var model = await _cold.StoreAsync("/a", "/a/1", "/a/1/x", "/a/2", "/ab");
        _cold.Replica.Apply(model.Create("/a/3").Delete("/a/1/x").SetData("/a/2", [1]).Commit(), new DeliveryRound());

        Assert.Equal(3, await _counter.TryCountAsync("/a"));
        Assert.Equal(0, await _counter.TryCountAsync("/a/1"));
        Assert.Equal(0, await _counter.TryCountAsync("/ab"));
        Assert.Equal(0, await _counter.TryCountAsync("/none"));
    }

    [Fact]
    public async Task R7_Rows_that_are_ahead_of_memory_are_counted_when_memory_is_there()
    {
        var model = await _cold.StoreAsync("/a", "/a/1");
        var creation = model.Create("/a/2").Create("/a/3").Commit();
        await _cold.Store.BeginCheckpointAsync(1, creation.Zxid, TestContext.Current.CancellationToken);
        await _cold.WriteAsync(model, "/a/2");
        var counting = _counter.TryCountAsync("/a");
        await Task.WhenAny(counting, Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
        Assert.False(counting.IsCompleted);

        _cold.Replica.Apply(creation, new DeliveryRound());
        Assert.Equal(3, await counting.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_gives_no_count()
    {
        _cold.Store.Dispose();
        Assert.Null(await _counter.TryCountAsync("/a"));
    }
}
