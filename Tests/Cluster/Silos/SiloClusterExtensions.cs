using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>What tests do with one silo among several.</summary>
internal static class SiloClusterExtensions
{
    private const int PersistentSequential = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<KeeperTestCluster> StartAsync(int silos) => KeeperTestCluster.StartAsync(options => options.Silos = silos);

    /// <summary>One of the parts of one silo.</summary>
    public static T Get<T>(this KeeperTestCluster cluster, int silo)
        where T : notnull => cluster.ServicesOf(silo).GetRequiredService<T>();

    /// <summary>Which of the silos that run is the sequencer's.</summary>
    public static async Task<int> FindSequencerAsync(this KeeperTestCluster cluster)
    {
        var found = -1;
        await Eventually.IsTrueAsync(() =>
        {
            var holders = Enumerable.Range(0, cluster.SiloCount).Where(silo => cluster.Get<Sequencer>(silo).IsHolder).ToArray();
            found = holders is [var only] ? only : -1;
            return found >= 0;
        });
        return found;
    }

    /// <summary>Creates a znode by way of a silo.</summary>
    public static Task<Transaction> CreateAsync(this IServiceProvider silo, string path, byte[] data) =>
        SubmitAsync(silo, OpCode.Create, new CreateRequest(path, data, [.. Acls.OpenUnsafe], 0));

    /// <summary>Creates a znode whose name gets the next number, by way of a silo.</summary>
    public static Task<Transaction> CreateSequentialAsync(this IServiceProvider silo, string path) =>
        SubmitAsync(silo, OpCode.Create, new CreateRequest(path, [], [.. Acls.OpenUnsafe], PersistentSequential));

    /// <summary>Sets a znode's data by way of a silo.</summary>
    public static Task<Transaction> SetDataAsync(this IServiceProvider silo, string path, byte[] data, int version = -1) =>
        SubmitAsync(silo, OpCode.SetData, new SetDataRequest(path, data, version));

    /// <summary>Deletes a znode by way of a silo.</summary>
    public static Task<Transaction> DeleteAsync(this IServiceProvider silo, string path) =>
        SubmitAsync(silo, OpCode.Delete, new DeleteRequest(path, -1));

    /// <summary>Waits until a silo shows what was acknowledged anywhere.</summary>
    public static Task SyncAsync(this IServiceProvider silo) => silo.GetRequiredService<LedgerSync>().WaitAsync();

    /// <summary>A znode as a silo shows it now.</summary>
    public static Found Find(this IServiceProvider silo, string path) => silo.GetRequiredService<Replica>().Find(path);

    /// <summary>The data of a znode as a silo shows it now; null when it shows none.</summary>
    public static byte[]? Show(this IServiceProvider silo, string path) =>
        silo.Find(path).Node?.Data;

    private static Task<Transaction> SubmitAsync<T>(IServiceProvider silo, OpCode operation, T request)
        where T : struct, IJuteRecord<T> =>
        SessionlessRequest.Submit(silo.GetRequiredService<SubmitQueue>(), operation, JuteRecords.ToArray(request)).Transaction.WaitAsync(Patience);
}
