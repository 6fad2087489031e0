using System.Collections.Concurrent;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.Tests.Cluster.Recipes.Checking;

/// <summary>
/// Many contend for one path while connections drop, sessions expire and the silo dies and comes back. Whatever they do, holders come one
/// after the other with rising tokens, all get their turns, and nothing stays behind.
/// </summary>
public sealed class ContentionUnderFaultsTests
{
    private const int Contenders = 6;
    private const int TurnsOfEach = 8;

    private readonly ConcurrentBag<WitnessedWrite> _writes = [];
    private readonly FencedRegister _register = new();
    private int _holders;

    [Theory]
    [InlineData(ExclusiveRecipe.Lock)]
    [InlineData(ExclusiveRecipe.WriteLock)]
    [InlineData(ExclusiveRecipe.SemaphoreOfOne)]
    [InlineData(ExclusiveRecipe.LeaderElection)]
    public async Task NoTwoHoldAtATimeWhileSessionsExpireAndConnectionsDrop(ExclusiveRecipe recipe)
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var random = new Random(1);
        await RunAsync(cluster, recipe, areSessionsKept: false, client => random.Next(3) == 0
            ? cluster.ExpireSessionAsync(client)
            : cluster.DropConnectionAsync(client));
    }

    [Theory]
    [InlineData(ExclusiveRecipe.Lock)]
    [InlineData(ExclusiveRecipe.LeaderElection)]
    public async Task HoldersKeepWhatTheyHoldWhileConnectionsDropAndTheSiloDies(ExclusiveRecipe recipe)
    {
        await using var cluster = await RecipeCluster.StartAsync();
        var restarts = 0;
        await RunAsync(cluster, recipe, areSessionsKept: true, async client =>
        {
            // At the beginning, and when half of them have had their turns.
            if (restarts < 2 && _writes.Count > Contenders * TurnsOfEach * restarts)
            {
                restarts++;
                await cluster.KillSiloAsync();
                await cluster.RestartSiloAsync();
            }
            else
            {
                await cluster.DropConnectionAsync(client);
            }
        });
        Assert.Equal(2, restarts);
        Assert.Equal(0, _register.Refusals);
    }

    private async Task RunAsync(RecipeCluster cluster, ExclusiveRecipe recipe, bool areSessionsKept, Func<IKeeperClient, Task> disturbAsync)
    {
        var path = RecipeCluster.NewPath();
        var clients = await Task.WhenAll(Enumerable.Range(0, Contenders).Select(_ => cluster.ConnectAsync()));
        await clients[0].CreateAsync(path + "-protected");
        using var end = new CancellationTokenSource();
        var disturbing = DisturbAsync(clients, disturbAsync, end.Token);

        await Task.WhenAll(clients.Select(client => ContendAsync(client, recipe, path, areSessionsKept))).WaitAsync(3 * Patience.Limit);
        await end.CancelAsync();
        await disturbing;

        Assert.Null(HolderChecks.FindOverlap(_writes));
        Assert.True(_writes.Select(write => write.Token).Distinct().Count() >= Contenders * TurnsOfEach);
        foreach (var client in clients)
            await client.SyncedAsync();
        await cluster.WaitForContendersAsync(recipe == ExclusiveRecipe.SemaphoreOfOne ? path + "/leases" : path, 0);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private async Task ContendAsync(IKeeperClient client, ExclusiveRecipe recipe, string path, bool areSessionsKept)
    {
        for (var turns = 0; turns < TurnsOfEach;)
        {
            await using var grant = await Grant.AcquireAsync(recipe, client, path);
            if (areSessionsKept)
                Assert.Equal(1, Interlocked.Increment(ref _holders));

            var written = await WriteAsync(client, grant, path + "-protected") && await WriteAsync(client, grant, path + "-protected");
            if (written)
                turns++;

            if (areSessionsKept)
            {
                Assert.Equal(0, Interlocked.Decrement(ref _holders));
                Assert.False(grant.Lost.IsCancellationRequested);
            }
        }
    }

    /// <summary>Writes to what is protected, in the service and outside; false if the holder heard that it is none any more.</summary>
    private async Task<bool> WriteAsync(IKeeperClient client, Grant grant, string znode)
    {
        while (!grant.Lost.IsCancellationRequested)
        {
            // A session that the service ended is one that the holder does not know of yet: it must hear of it.
            if (!_register.TryWrite(grant.Token))
            {
                await grant.Lost.Cancelled();
                return false;
            }

            try
            {
                var results = await client.Transaction().Check(grant.ZNode).SetData(znode, default).CommitAsync();
                _writes.Add(new WitnessedWrite(results[1].Stat!.Value.Mzxid, grant.Token));
                return true;
            }
            catch (TransactionFailedException)
            {
                await grant.Lost.Cancelled();
            }
            catch (KeeperException failure) when (failure is ConnectionLostException or SessionExpiredException)
            {
                await client.SyncedAsync();
            }
        }
        return false;
    }

    private static async Task DisturbAsync(IKeeperClient[] clients, Func<IKeeperClient, Task> disturbAsync, CancellationToken end)
    {
        var random = new Random(2);
        while (!end.IsCancellationRequested)
        {
            var client = clients[random.Next(clients.Length)];
            await disturbAsync(client);
            await client.SyncedAsync();
        }
    }
}
