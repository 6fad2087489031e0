using OrleansKeeper.ClientSdk.Recipes.Barriers;

namespace OrleansKeeper.Tests.Cluster.Recipes.Barriers;

public sealed class DistributedBarrierTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath() + "/below";

    [Fact]
    public async Task HoldsAllUpUntilItIsRemoved()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var one = new DistributedBarrier(first, _path);
        var two = new DistributedBarrier(second, _path);
        await one.WaitAsync().Patiently();
        await one.SetAsync();
        await two.SetAsync();
        Assert.True(await two.IsSetAsync());
        Assert.False(await one.WaitAsync(TimeSpan.FromMilliseconds(20)));

        var waiting = new[] { one.WaitAsync(), two.WaitAsync() };
        await cluster.DropConnectionAsync(second);
        await one.RemoveAsync();
        await Task.WhenAll(waiting).Patiently();

        await one.RemoveAsync();
        Assert.True(await two.WaitAsync(Patience.Limit));
    }

    [Fact]
    public async Task WaitingCanBeCancelled()
    {
        await using var client = await cluster.ConnectAsync();
        var barrier = new DistributedBarrier(client, _path);
        await barrier.SetAsync();
        using var cancellation = new CancellationTokenSource();
        var waiting = barrier.WaitAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Patiently());
    }
}
