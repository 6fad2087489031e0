using OrleansKeeper.ClientSdk;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Recipes;

/// <summary>.NET clients, in the tests' process.</summary>
internal static class SdkClients
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A client of the silo that clients in other languages use over ZooKeeper's protocol.</summary>
    public static async Task<IKeeperClient> ConnectAsync(ServerPair servers)
    {
        var silo = servers.Ours as SiloProcess;
        Assert.SkipWhen(silo is null, "The .NET client is no client of a genuine ZooKeeper.");
        return await KeeperClient.ConnectAsync(silo.Gateway, options => options.ClusterId = options.ServiceId = SiloProcess.ClusterId);
    }

    /// <summary>Returns when a znode has so many children.</summary>
    public static async Task WaitForChildrenAsync(IKeeperClient client, string path, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var parent = await client.ExistsAndWatchAsync(path, limit.Token);
            var changed = parent.Changed;
            if (parent.Value is not null)
            {
                var children = await client.GetChildrenAndWatchAsync(path, limit.Token);
                if (children.Value.Count == count)
                    return;
                changed = children.Changed;
            }
            await changed.WaitAsync(limit.Token);
        }
    }
}
