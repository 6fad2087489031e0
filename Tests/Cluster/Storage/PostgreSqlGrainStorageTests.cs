using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrleansKeeper.Grains.Storage.PostgreSql;
using OrleansKeeper.Tests.Databases;

namespace OrleansKeeper.Tests.Cluster.Storage;

public sealed class PostgreSqlGrainStorageTests : KeeperGrainStorageTests
{
    private readonly string _schema = PostgreSqlServer.NewSchema();
    private readonly string _connectionString = PostgreSqlServer.Shared.GetAwaiter().GetResult().ConnectionString;

    protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.Configure<PostgreSqlStorageOptions>(options =>
        {
            options.ConnectionString = _connectionString;
            options.Schema = _schema;
        });
        silo.AddPostgreSqlGrainStorage();
    }

    protected override long CountRows()
    {
        using var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        using var count = new NpgsqlCommand($"SELECT count(*) FROM {_schema}.OrleansStorage", connection);
        return (long)count.ExecuteScalar()!;
    }
}
