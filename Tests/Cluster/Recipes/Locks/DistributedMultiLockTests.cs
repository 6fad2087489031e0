using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes.Locks;

namespace OrleansKeeper.Tests.Cluster.Recipes.Locks;

public sealed class DistributedMultiLockTests(RecipeCluster cluster) : IClassFixture<RecipeCluster>
{
    private readonly string _path = RecipeCluster.NewPath();

    [Fact]
    public async Task HoldsAllOrNone()
    {
        await using var client = await cluster.ConnectAsync();
        var multi = Multi(client, "b", "a", "c");
        await using (var c = await new DistributedLock(client, _path + "/c").AcquireAsync())
        {
            Assert.Null(await multi.TryAcquireAsync());
            Assert.Null(await multi.TryAcquireAsync(TimeSpan.FromMilliseconds(20)));
            Assert.Empty(await cluster.ChildrenAsync(_path + "/a"));
            Assert.Empty(await cluster.ChildrenAsync(_path + "/b"));
        }

        await using (var held = await multi.AcquireAsync())
        {
            Assert.Equal([_path + "/a", _path + "/b", _path + "/c"], held.Handles.Keys.Order());
            Assert.Equal(held.FencingToken, held.Handles.Values.Max(handle => handle.FencingToken));
            foreach (var name in "abc")
                Assert.Null(await new DistributedLock(client, $"{_path}/{name}").TryAcquireAsync());
        }
        await using var again = await multi.TryAcquireAsync();
        Assert.NotNull(again);
    }

    [Fact]
    public async Task LocksNamedInAnotherOrderDoNotWaitForEachOther()
    {
        await using var first = await cluster.ConnectAsync();
        await using var second = await cluster.ConnectAsync();
        var tokens = new List<long>();
        await Task.WhenAll(WorkAsync(Multi(first, "a", "b")), WorkAsync(Multi(second, "b", "a"))).Patiently();
        Assert.Equal(20, tokens.Count);
        Assert.Equal(tokens.Order().Distinct(), tokens);

        async Task WorkAsync(DistributedMultiLock multi)
        {
            for (var i = 0; i < 10; i++)
            {
                await using var held = await multi.AcquireAsync();
                tokens.Add(held.FencingToken);
            }
        }
    }

    [Fact]
    public async Task LosingOneLosesIt()
    {
        await using var client = await cluster.ConnectAsync();
        await using var held = await Multi(client, "a", "b").AcquireAsync();
        await client.DeleteAsync(held.Handles[_path + "/b"].Path);
        await held.LostToken.Cancelled();
        Assert.False(held.Handles[_path + "/a"].LostToken.IsCancellationRequested);
    }

    [Fact]
    public async Task SamePathTwiceIsRefused()
    {
        await using var client = await cluster.ConnectAsync();
        var complaint = Assert.Throws<ArgumentException>(() => Multi(client, "a", "b", "a"));
        Assert.Contains(_path + "/a", complaint.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DistributedMultiLock());
    }

    private DistributedMultiLock Multi(IKeeperClient client, params string[] names) =>
        new(names.Select(name => new DistributedLock(client, $"{_path}/{name}")));
}
