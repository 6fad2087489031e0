using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Storage.Sqlite;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Holds the file of a cluster's log, so that nothing is appended until this is disposed.</summary>
internal sealed class HeldLog : IDisposable
{
    private readonly SqliteDatabase _database;

    public HeldLog(KeeperTestCluster cluster)
    {
        _database = SqliteDatabase.Open(Path.Combine(cluster.DataDirectory, "log.db"));
        _database.Execute("BEGIN IMMEDIATE");
    }

    public void Dispose()
    {
        _database.Execute("ROLLBACK");
        _database.Dispose();
    }
}
