using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Tests.Cluster.Engine;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>A tree that is larger than the memory of each silo, while one of them writes checkpoints and then another.</summary>
public sealed class ResidencyTests
{
    private const int Paths = 400;
    private const int Steps = 1500;

    [Fact]
    public async Task R7_ColdReadsOnEverySiloShowWhatTheLogSays()
    {
        var seed = Random.Shared.Next();
        await using var cluster = await KeeperTestCluster.StartAsync(options =>
        {
            options.Silos = 3;
            options.ConfigureKeeper = keeper =>
            {
                keeper.CacheBytes = 1024 * 1024;
                keeper.CheckpointTransactions = 300;
            };
        });
        for (var writer = 0; writer < 3; writer++)
            await cluster.ServicesOf(0).CreateAsync($"/{writer}", []);

        var written = await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => WriteAsync(cluster, writer, new Random(seed + writer))));

        for (var silo = 0; silo < 3; silo++)
        {
            await cluster.ServicesOf(silo).SyncAsync();
            for (var writer = 0; writer < 3; writer++)
                await CompareAsync(cluster.ServicesOf(silo), written[writer], $"/{writer}", $"seed {seed}, silo {silo}");
        }
    }

    /// <summary>Creates, sets and deletes at random by way of one silo, and reads what it left by way of another.</summary>
    private static async Task<Dictionary<string, byte[]>> WriteAsync(KeeperTestCluster cluster, int writer, Random random)
    {
        var tree = new Dictionary<string, byte[]>();
        for (var step = 0; step < Steps; step++)
        {
            var path = $"/{writer}/{random.Next(Paths)}";
            var data = new byte[random.Next(4000)];
            random.NextBytes(data);
            var silo = cluster.ServicesOf((writer + step) % 3);
            if (tree.TryAdd(path, data))
            {
                await silo.CreateAsync(path, data);
            }
            else if (random.Next(3) == 0)
            {
                await silo.DeleteAsync(path);
                tree.Remove(path);
            }
            else
            {
                await silo.SetDataAsync(path, data);
                tree[path] = data;
            }

            // The silo that has answered shows it, whatever it has in memory.
            Assert.Equal(tree.GetValueOrDefault(path), (await ZNode(silo, path).Get())?.Data);
            if (writer == 0 && step % 500 == 250)
                await DeposeAsync(cluster);
        }

        return tree;
    }

    private static async Task DeposeAsync(KeeperTestCluster cluster)
    {
        var sequencer = await cluster.FindSequencerAsync();
        await cluster.Get<Sequencer>((sequencer + 1) % 3).TryBeginAsync(cluster.Get<Sequencer>(sequencer).Epoch, default);
    }

    private static async Task CompareAsync(IServiceProvider silo, Dictionary<string, byte[]> tree, string parent, string where)
    {
        for (var number = 0; number < Paths; number++)
        {
            var path = $"{parent}/{number}";
            var found = (await ZNode(silo, path).Get())?.Data;
            Assert.True(tree.GetValueOrDefault(path) is { } data ? found is not null && data.AsSpan().SequenceEqual(found) : found is null, $"{path}: {where}");
        }

        var children = (await ZNode(silo, parent).GetChildren()).Select(name => $"{parent}/{name}").Order(StringComparer.Ordinal);
        Assert.Equal(tree.Keys.Order(StringComparer.Ordinal), children);
        Assert.True(silo.GetRequiredService<Replica>().Mark > 0, where);
    }

    private static IZNodeGrain ZNode(IServiceProvider silo, string path) => silo.GetRequiredService<IGrainFactory>().GetGrain<IZNodeGrain>(path);
}
