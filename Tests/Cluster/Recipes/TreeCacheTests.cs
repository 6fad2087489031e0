using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Caching;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>A tree cache: equal to the tree, with events in order that lead to it.</summary>
public sealed class TreeCacheTests
{
    [Fact]
    public async Task CacheHoldsWhatIsThereAndFollowsWhatChanges()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await client.CreateAsync("/config", "root", CreateMode.Persistent);
        await client.CreateAsync("/config/b", "b", CreateMode.Persistent);
        await client.CreateAsync("/config/a", "a", CreateMode.Persistent);
        await client.CreateAsync("/config2", "not ours", CreateMode.Persistent);
        await using var cache = await TreeCache.StartAsync(client, "/config");
        await using var changes = cache.ReadChangesAsync().GetAsyncEnumerator();
        var before = cache.Root!;
        Assert.Equal((TreeCacheEventType.Added, "/config"), await NextAsync(changes));

        await client.CreateAsync("/config/a/x", "x", CreateMode.Persistent);
        await client.SetTextAsync("/config/a", "changed");
        await client.DeleteAsync("/config/b");
        await client.CreateAsync("/config/b", "again", CreateMode.Persistent);

        Assert.Equal((TreeCacheEventType.Added, "/config/a"), await NextAsync(changes));
        Assert.Equal((TreeCacheEventType.Added, "/config/b"), await NextAsync(changes));
        Assert.Equal((TreeCacheEventType.Initialized, null), await NextAsync(changes));
        Assert.Equal((TreeCacheEventType.Added, "/config/a/x"), await NextAsync(changes));
        Assert.Equal((TreeCacheEventType.Changed, "/config/a"), await NextAsync(changes));
        Assert.Equal((TreeCacheEventType.Removed, "/config/b"), await NextAsync(changes));
        Assert.Equal((TreeCacheEventType.Added, "/config/b"), await NextAsync(changes));
        Assert.Equal("changed"u8.ToArray(), cache.Find("/config/a")!.Data.ToArray());
        Assert.Equal(["x"], cache.Find("/config/a")!.Children.Keys);
        Assert.Null(cache.Find("/config2"));
        Assert.Empty(before.Children["a"].Children);
    }

    [Fact]
    public async Task CacheOfAPathThatDoesNotExistYetFillsWhenItDoes()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await using var cache = await TreeCache.StartAsync(client, "/later");
        Assert.Null(cache.Root);

        await client.CreateAsync("/later", CreateMode.Persistent);
        await client.CreateAsync("/later/a", CreateMode.Persistent);
        await new TreeReplay("/later").ReadUntilAsync(cache, "/later/a").WaitAsync(Patience.Long);

        Assert.Equal(["a"], cache.Root!.Children.Keys);
    }

    [Fact]
    public async Task DepthAndFiltersBoundWhatIsHeld()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        foreach (var path in new[] { "/t", "/t/a", "/t/a/x", "/t/a/x/deep", "/t/secret", "/t/leaf", "/t/leaf/x" })
            await client.CreateAsync(path, "data", CreateMode.Persistent);
        await using var cache = await TreeCache.StartAsync(client, "/t", new TreeCacheOptions
        {
            MaxDepth = 2,
            CacheData = false,
            AcceptChild = path => !path.EndsWith("secret", StringComparison.Ordinal),
            TraverseChildren = path => path != "/t/leaf",
        });

        Assert.Equal(["/t", "/t/a", "/t/a/x", "/t/leaf"], cache.Root!.DescendantsAndSelf().Select(entry => entry.Path));
        Assert.All(cache.Root.DescendantsAndSelf(), entry => Assert.True(entry.Data.IsEmpty && entry.Stat.DataLength == 4));
        foreach (var path in new[] { "/t/a/y", "/t/a/y/deep", "/t/leaf/y", "/t/a/secret", "/t/end" })
            await client.CreateAsync(path, CreateMode.Persistent);
        await new TreeReplay("/t").ReadUntilAsync(cache, "/t/end").WaitAsync(Patience.Long);
        Assert.Equal(
            ["/t", "/t/a", "/t/a/x", "/t/a/y", "/t/end", "/t/leaf"], cache.Root!.DescendantsAndSelf().Select(entry => entry.Path));
    }

    [Fact]
    public async Task SlowReaderIsBroughtUpToDateByTheDifferences()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        await client.CreateAsync("/t", CreateMode.Persistent);
        await using var cache = await TreeCache.StartAsync(client, "/t", new TreeCacheOptions { ReaderCapacity = 2 });
        await using var changes = cache.ReadChangesAsync().GetAsyncEnumerator();
        Assert.Equal((TreeCacheEventType.Added, "/t"), await NextAsync(changes));
        for (var i = 0; i < 20; i++)
            await client.CreateAsync($"/t/{i:D2}", CreateMode.Persistent);
        await new TreeReplay("/t").ReadUntilAsync(cache, "/t/19").WaitAsync(Patience.Long);

        var added = new List<string>();
        TreeCacheEventType type;
        do
        {
            (type, var path) = await NextAsync(changes);
            if (type == TreeCacheEventType.Added)
                added.Add(path!);
        }
        while (type != TreeCacheEventType.Resynchronized);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"/t/{i:D2}"), added.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ViewAndReplayedEventsEqualTheTreeAfterRandomWritesDropsExpiriesAndARestart(int seed)
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var (watcher, writer) = (await cluster.ConnectAsync(), await cluster.ConnectAsync());
        await writer.CreateAsync("/t", CreateMode.Persistent);
        await using var cache = await TreeCache.StartAsync(watcher, "/t");
        var replays = new[] { new TreeReplay("/t"), new TreeReplay("/t") };
        var reading = replays.Select(replay => replay.ReadAllAsync(cache)).ToList();
        var random = new Random(seed);

        var writing = Task.WhenAll(Enumerable.Range(0, 3).Select(i => WriteRandomlyAsync(writer, new Random((seed * 10) + i), 250)));
        for (var i = 0; i < 6; i++)
        {
            await Task.Delay(random.Next(150));
            switch (i)
            {
                case 2:
                    await cluster.RestartAsync();
                    break;
                case 4:
                    await cluster.ExpireSessionAsync(watcher);
                    break;
                default:
                    await cluster.DropConnectionAsync(watcher);
                    break;
            }
        }

        await writing.WaitAsync(Patience.Long);
        var expected = await TreeReplay.ReadTreeAsync(writer, "/t");
        await Patience.UntilAsync(() => Task.FromResult(TreeReplay.IsSame(expected, Held(cache))));
        var view = Held(cache);
        await cache.DisposeAsync();
        await Task.WhenAll(reading).WaitAsync(Patience.Long);

        TreeReplay.AssertSame(expected, view);
        foreach (var replay in replays)
        {
            TreeReplay.AssertSame(expected, replay.Entries);
            Assert.InRange(replay.Events, 20, int.MaxValue);
        }
    }

    [Fact]
    public async Task ReadersEndWithTheCacheAndAreToldWhenItsClientIsDisposed()
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var client = await cluster.ConnectAsync();
        var cache = await TreeCache.StartAsync(client, "/t");
        var read = cache.ReadChangesAsync().GetAsyncEnumerator();
        Assert.Equal((TreeCacheEventType.Initialized, null), await NextAsync(read));
        await cache.DisposeAsync();
        Assert.False(await read.MoveNextAsync());

        await using var orphan = await TreeCache.StartAsync(client, "/t");
        var told = orphan.ReadChangesAsync().GetAsyncEnumerator();
        Assert.Equal((TreeCacheEventType.Initialized, null), await NextAsync(told));
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ClientClosedException>(async () => await told.MoveNextAsync().AsTask().WaitAsync(Patience.Long));
    }

    private static Dictionary<string, TreeCacheEntry> Held(TreeCache cache) => cache.Root!.DescendantsAndSelf().ToDictionary(entry => entry.Path);

    private static async Task WriteRandomlyAsync(IKeeperClient client, Random random, int writes)
    {
        for (var i = 0; i < writes; i++)
        {
            var path = "/t" + string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"/{random.Next(4)}"));
            try
            {
                await Patience.TryAsync<object?>(async () =>
                {
                    switch (random.Next(4))
                    {
                        case 0:
                            await client.DeleteAsync(path);
                            break;
                        case 1:
                            await client.SetTextAsync(path, $"{random.Next()}");
                            break;
                        case 2:
                            await client.Transaction().Delete(path).Create(path, new byte[] { 1 }).CommitAsync();
                            break;
                        default:
                            await client.CreateAsync(path, $"{i}", CreateMode.Persistent);
                            break;
                    }

                    return null;
                });
            }
            catch (KeeperException exception) when (exception is NoNodeException or NodeExistsException or NotEmptyException or TransactionFailedException)
            {
                // It was not possible just then.
            }
        }
    }

    private static async Task<(TreeCacheEventType Type, string? Path)> NextAsync(IAsyncEnumerator<TreeCacheEvent> changes)
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Patience.Long));
        return (changes.Current.Type, changes.Current.Path);
    }
}
