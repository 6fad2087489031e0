using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Looks at what recipes leave in the tree, with a client that no test disturbs.</summary>
internal static class RecipeClusterExtensions
{
    /// <summary>
    /// The children of a znode, as they are after everything that was acknowledged to anybody; none where there is no such znode.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ChildrenAsync(this RecipeCluster cluster, string path)
    {
        await cluster.Observer.SyncAsync();
        return await cluster.Observer.ExistsAsync(path) is null ? [] : await cluster.Observer.GetChildrenAsync(path);
    }

    /// <summary>Returns when a znode has so many children.</summary>
    public static async Task WaitForContendersAsync(this RecipeCluster cluster, string path, int count)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var parent = await cluster.Observer.ExistsAndWatchAsync(path, limit.Token);
            var changed = parent.Changed;
            if (parent.Value is not null)
            {
                var children = await cluster.Observer.GetChildrenAndWatchAsync(path, limit.Token);
                if (children.Value.Count == count)
                    return;
                changed = children.Changed;
            }
            await changed.WaitAsync(limit.Token);
        }
    }

    /// <summary>Returns when the client is connected again: it was served after this was called.</summary>
    public static async Task SyncedAsync(this IKeeperClient client)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            try
            {
                await client.SyncAsync(limit.Token);
                return;
            }
            catch (KeeperException failure) when (failure is ConnectionLostException or SessionExpiredException)
            {
                await Task.Delay(5, limit.Token);
            }
        }
    }

    /// <summary>Returns when there is no such znode.</summary>
    public static async Task WaitUntilGoneAsync(this RecipeCluster cluster, string path)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (await cluster.Observer.ExistsAndWatchAsync(path, limit.Token) is { Value: not null } there)
            await there.Changed.WaitAsync(limit.Token);
    }
}
