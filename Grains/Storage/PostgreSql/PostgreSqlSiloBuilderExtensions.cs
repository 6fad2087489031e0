using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>Has Orleans keep what it stores in the database of a cluster.</summary>
internal static class PostgreSqlSiloBuilderExtensions
{
    private const string Npgsql = "Npgsql";

    /// <summary>Adds the providers of <see cref="KeeperGrainStorage"/>.</summary>
    public static ISiloBuilder AddPostgreSqlGrainStorage(this ISiloBuilder builder)
    {
        builder.Services.AddPostgreSqlDatabase();
        return builder.AddProvider(KeeperGrainStorage.PubSubStore).AddProvider(KeeperGrainStorage.Sessions);
    }

    /// <summary>Has the silos find each other by a table.</summary>
    public static ISiloBuilder UsePostgreSqlClustering(this ISiloBuilder builder)
    {
        builder.Services.AddPostgreSqlDatabase();
        return builder.UseAdoNetClustering(options => options.Configure<PostgreSqlDatabase>((clustering, database) =>
        {
            clustering.Invariant = Npgsql;
            clustering.DataSource = database.DataSource;
        }));
    }

    private static ISiloBuilder AddProvider(this ISiloBuilder builder, string name) =>
        builder.AddAdoNetGrainStorage(name, options => options.Configure<PostgreSqlDatabase, Serializer>((storage, database, serializer) =>
        {
            storage.Invariant = Npgsql;
            storage.DataSource = database.DataSource;
            storage.DeleteStateOnClear = true;
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
}
