using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster;

/// <summary>What each silo has when nobody writes any more.</summary>
internal static class SiloTrees
{
    private const int MostTries = 10;

    /// <summary>Reads everything below a znode from every silo, as of the same zxid.</summary>
    public static async Task<Dictionary<string, TreeNode>[]> ReadAsync(SiloCluster cluster, string root = LoadPaths.Root)
    {
        var sessions = new List<KeeperSession>();
        try
        {
            foreach (var silo in cluster.EndPoints)
                sessions.Add(await KeeperSession.OpenAsync(silo, CancellationToken.None));
            for (var i = 1; ; i++)
            {
                var trees = await Task.WhenAll(sessions.Select(session => ReadAsync(session, root)));

                // A session may have expired meanwhile. All zxids the same, before and after: nothing happened.
                if (trees.All(tree => tree.Before == trees[0].After && tree.After == trees[0].After))
                    return [.. trees.Select(tree => tree.Nodes)];

                Assert.True(i < MostTries, "The tree goes on changing although nobody changes it.");
            }
        }
        finally
        {
            foreach (var session in sessions)
                await session.DisposeAsync();
        }
    }

    private static async Task<(long Before, Dictionary<string, TreeNode> Nodes, long After)> ReadAsync(
        KeeperSession session, string root)
    {
        var before = await session.SyncAsync(root).OkAsync();
        var nodes = await TreeContents.ReadAsync(session, root);
        var after = await session.SyncAsync(root).OkAsync();
        return (before.Zxid, nodes, after.Zxid);
    }
}
