using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;

namespace OrleansKeeper.Tests.Cluster.Engine;

/// <summary>Checkpoints keep the log short, and nothing is lost by it.</summary>
public sealed class CheckpointTests
{
    private const int Transactions = 50;
    private const int ZNodes = 300;

    [Fact]
    public async Task LogIsTrimmedBehindCheckpointsAndEverythingIsThereAfterARestart()
    {
        await using var cluster = await StartAsync(retention: 0);
        var last = await WriteAsync(cluster);

        // The last checkpoint may still be under way when an earlier one has trimmed the log.
        await Eventually.IsTrueAsync(async () => last - cluster.Get<Replica>().Mark < Transactions && await CountLoggedAsync(cluster) < 2 * Transactions);
        Assert.True(cluster.Get<Checkpointer>().Completed > 0);
        Assert.InRange(last - cluster.Get<Replica>().Mark, 0, Transactions - 1);

        await cluster.RestartSiloAsync();

        Assert.Equal(last, cluster.Get<Replica>().Watermark);
        await AssertCompleteAsync(cluster);
    }

    [Fact]
    public async Task CheckpointTakesTheWholeLogButItsLastBatch()
    {
        await using var cluster = await StartAsync(retention: 0);
        var last = await WriteAsync(cluster);
        await cluster.Get<Checkpointer>().CheckpointAsync(default);
        Assert.Equal(last, cluster.Get<Replica>().Mark);
        Assert.Single(await ReadLoggedAsync(cluster));

        // A second life's writes follow the one batch that stayed.
        await cluster.RestartSiloAsync();
        await cluster.ZNode("/p/0").Delete();
        await cluster.ZNode("/p/0").Create([0, 1]);
        await cluster.RestartSiloAsync();

        await AssertCompleteAsync(cluster);
    }

    [Fact]
    public async Task SoManyTransactionsStayInTheLogAsAreToBeRetained()
    {
        const int Retention = 120;
        await using var cluster = await StartAsync(Retention);
        await WriteAsync(cluster);
        await cluster.Get<Checkpointer>().CheckpointAsync(default);

        Assert.InRange(await CountLoggedAsync(cluster), Retention, Retention + Transactions);
    }

    [Fact]
    public async Task HistoryReachesBackOverRestarts()
    {
        const int Retention = 3 * ZNodes;
        await using var cluster = await StartAsync(Retention);
        await WriteAsync(cluster);
        for (var restart = 0; restart < 2; restart++)
        {
            await cluster.RestartSiloAsync();
            await cluster.ZNode("/p/0").SetData([0, 1]);
            await cluster.Get<Checkpointer>().CheckpointAsync(default);
        }

        Assert.InRange(await CountLoggedAsync(cluster), 2 * ZNodes, Retention + Transactions);
        await cluster.RestartSiloAsync();
        for (var i = 0; i < Retention; i++)
            await cluster.ZNode("/p/0").SetData([0, 1]);
        await cluster.Get<Checkpointer>().CheckpointAsync(default);

        Assert.InRange(await CountLoggedAsync(cluster), Retention, Retention + Transactions);
    }

    private static Task<KeeperTestCluster> StartAsync(int retention) => KeeperTestClusterExtensions.StartAsync(options =>
    {
        options.CheckpointTransactions = Transactions;
        options.CheckpointInterval = 24 * 60 * 60 * 1000;
        options.LogRetention = retention;
    });

    /// <summary>Creates and changes znodes one after the other; returns the last zxid.</summary>
    private static async Task<long> WriteAsync(KeeperTestCluster cluster)
    {
        var last = await cluster.ZNode("/p").Create([]);
        for (var i = 0; i < ZNodes; i++)
        {
            await cluster.ZNode($"/p/{i}").Create([0]);
            last = (await cluster.ZNode($"/p/{i}").SetData([(byte)i, 1])).Zxid;
        }

        return last;
    }

    private static async Task AssertCompleteAsync(KeeperTestCluster cluster)
    {
        Assert.Equal(
            Enumerable.Range(0, ZNodes).Select(number => $"{number}").Order(StringComparer.Ordinal),
            (await cluster.ZNode("/p").GetChildren()).Order(StringComparer.Ordinal));
        for (var i = 0; i < ZNodes; i++)
            Assert.Equal([(byte)i, 1], (await cluster.ZNode($"/p/{i}").Get())!.Data);
    }

    private static async Task<long> CountLoggedAsync(KeeperTestCluster cluster) =>
        (await ReadLoggedAsync(cluster)).Sum(batch => batch.LastZxid - batch.FirstZxid + 1);

    /// <summary>Everything that was not trimmed.</summary>
    private static async Task<List<LogBatch>> ReadLoggedAsync(KeeperTestCluster cluster)
    {
        using var database = SqliteDatabase.Open(Path.Combine(cluster.DataDirectory, "log.db"));
        while (true)
        {
            var trimmed = database.QueryInt64("SELECT trimmed_zxid FROM ledger")!.Value;
            try
            {
                return await cluster.Get<ITransactionLog>().ReadAfterAsync(trimmed).ToListAsync();
            }
            catch (LogTrimmedException)
            {
                // It was trimmed further meanwhile.
            }
        }
    }
}
