using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>Ways into a test cluster for tests of its parts.</summary>
internal static class KeeperTestClusterExtensions
{
    /// <summary>A cluster whose service has these settings.</summary>
    public static Task<KeeperTestCluster> StartAsync(Action<KeeperOptions> configure) =>
        KeeperTestCluster.StartAsync(options => options.ConfigureKeeper = configure);

    public static IZNodeGrain ZNode(this KeeperTestCluster cluster, string path) => cluster.ClusterClient.GetZNode(path);

    /// <summary>One of the service's parts.</summary>
    public static T Get<T>(this KeeperTestCluster cluster)
        where T : notnull => cluster.SiloServices.GetRequiredService<T>();
}
