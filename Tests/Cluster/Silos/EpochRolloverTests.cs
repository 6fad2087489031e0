using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>The counter of an epoch is used up, after 2^32 transactions, while all silos write.</summary>
public sealed class EpochRolloverTests
{
    [Fact]
    public async Task NextEpochBeginsUnderLoadWithTheSameSequencerAndWithoutAnError()
    {
        await using var cluster = await KeeperTestCluster.StartAsync(options =>
        {
            options.Silos = 3;
            options.ConfigureSilo = silo => silo.Services.AddSingleton<ITransactionLog>(new NearlyUsedUpLog(LogOf(silo)));
        });
        var sequencer = await cluster.FindSequencerAsync();
        var epoch = cluster.Get<Sequencer>(sequencer).Epoch;
        await cluster.ServicesOf(0).CreateAsync("/q", []);

        var created = await Task.WhenAll(Enumerable.Range(0, 2 * (int)NearlyUsedUpLog.Left)
            .Select(number => cluster.ServicesOf(number % 3).CreateSequentialAsync("/q/n-")));

        Assert.All(created, transaction => Assert.Equal(ErrorCode.Ok, transaction.Error));
        Assert.Equal(created.Length, created.Select(transaction => transaction.Changes[0].Path).Distinct().Count());
        Assert.Equal(created.Length, created.Select(transaction => transaction.Zxid).Distinct().Count());
        Assert.Equal([epoch, epoch + 1], created.Select(transaction => Zxid.EpochOf(transaction.Zxid)).Distinct().Order());
        Assert.Equal(sequencer, await cluster.FindSequencerAsync());
        Assert.Equal(epoch + 1, cluster.Get<Sequencer>(sequencer).Epoch);
        for (var silo = 0; silo < 3; silo++)
        {
            await cluster.ServicesOf(silo).SyncAsync();
            Assert.Equal(created.Length, cluster.ServicesOf(silo).Find("/q").Node!.NumChildren);
        }
    }

    /// <summary>The log that the silos of the cluster share.</summary>
    private static ITransactionLog LogOf(ISiloBuilder silo) =>
        (ITransactionLog)silo.Services.Last(service => service.ImplementationInstance is SqliteTransactionLog).ImplementationInstance!;
}
