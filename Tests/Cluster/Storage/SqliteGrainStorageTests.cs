using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.Grains.Storage.Sqlite;

namespace OrleansKeeper.Tests.Cluster.Storage;

public sealed class SqliteGrainStorageTests : KeeperGrainStorageTests, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanskeeper-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task LockOfAnotherConnectionOnlyDelaysAWrite()
    {
        await using var cluster = await DeployAsync();
        var counter = Counter(cluster, "test/locked");
        await counter.Add(1);

        using var other = SqliteDatabase.Open(Path.Combine(_folder, "orleans.db"));
        other.Execute("BEGIN IMMEDIATE");
        var started = Stopwatch.GetTimestamp();
        var writes = Enumerable.Range(0, 8).Select(i => Counter(cluster, $"test/locked{i}").Add(1)).Append(counter.Add(1)).ToArray();
        await Task.WhenAny(Task.WhenAll(writes), Task.Delay(TimeSpan.FromSeconds(2)));
        Assert.All(writes, write => Assert.False(write.IsCompleted));
        other.Execute("ROLLBACK");

        await Task.WhenAll(writes);
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(2));
        Assert.Equal(3, await counter.Add(1));
    }

    protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.Configure<SqliteStorageOptions>(options => options.DataDirectory = _folder);
        silo.AddSqliteGrainStorage();
    }

    protected override long CountRows()
    {
        using var database = SqliteDatabase.Open(Path.Combine(_folder, "orleans.db"));
        return database.QueryInt64("SELECT count(*) FROM OrleansStorage") ?? 0;
    }
}
