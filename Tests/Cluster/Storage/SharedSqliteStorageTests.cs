using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansKeeper.Grains;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.Sqlite;
using OrleansKeeper.Tests.Cluster.Scenarios;

namespace OrleansKeeper.Tests.Cluster.Storage;

/// <summary>Several silos of one process on one folder.</summary>
public sealed class SharedSqliteStorageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanskeeper-").FullName;
    private readonly SharedSqliteStorage _storage;

    public SharedSqliteStorageTests() => _storage = new SharedSqliteStorage(_folder, NullLoggerFactory.Instance);

    public void Dispose()
    {
        _storage.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task SilosUseTheSharedStorageAndLeaveItOpen()
    {
        using (var first = Build())
        {
            using var second = Build();
            foreach (var services in new[] { first.Services, second.Services })
            {
                Assert.Same(_storage.Log, services.GetRequiredService<ITransactionLog>());
                Assert.Same(_storage.Store, services.GetRequiredService<IZNodeStore>());
                Assert.Same(_storage.Directory, services.GetRequiredService<DataDirectory>());
                Assert.Same(_storage.OrleansDataSource, services.GetRequiredService<OrleansDataSource>());
            }
        }

        Assert.True(await _storage.Log.TryClaimEpochAsync(0, "test"));
        await _storage.Store.BeginCheckpointAsync(1, 1);
        Assert.Equal(1, (await _storage.Store.ReadMarksAsync()).Target);
        Assert.Throws<DataDirectoryInUseException>(() => new DataDirectory(_folder));
    }

    [Fact]
    public async Task OrleansStoresWhatOneSiloWritesForAllOfThem()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSharedSqliteStorage(_storage);
            silo.AddSqliteGrainStorage();
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        var storages = cluster.Silos
            .Select(silo => silo.ServiceProvider.GetRequiredKeyedService<IGrainStorage>(KeeperGrainStorage.Sessions))
            .ToArray();

        for (var value = 1; value <= 20; value++)
        {
            var written = new GrainState<CounterState>(new() { Value = value });
            await storages[value % 2].WriteStateAsync("counter", Id(value), written);
            Assert.Equal(value, await ReadAsync(storages[1 - (value % 2)], value));
        }

        await cluster.StopSiloAsync(cluster.Silos[0]);
        Assert.Equal(7, await ReadAsync(storages[1], 7));
        await storages[1].WriteStateAsync("counter", Id(21), new GrainState<CounterState>(new() { Value = 21 }));
        Assert.Equal(21, await ReadAsync(storages[1], 21));
    }

    private static GrainId Id(int number) => GrainId.Create("counter", $"test/{number}");

    private static async Task<int> ReadAsync(IGrainStorage storage, int number)
    {
        var state = new GrainState<CounterState>(new());
        await storage.ReadStateAsync("counter", Id(number), state);
        return Assert.IsType<CounterState>(state.State).Value;
    }

    /// <summary>A silo as a host has it, which is not started.</summary>
    private IHost Build()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(GatewaySilo.FindFreePort(), GatewaySilo.FindFreePort());
            silo.Services.AddSharedSqliteStorage(_storage);
            silo.AddKeeper();
        });
        return builder.Build();
    }
}
