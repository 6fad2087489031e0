using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Adds Orleans' grain storage on the embedded database.</summary>
internal static class SqliteGrainStorageSiloBuilderExtensions
{
    /// <summary>Adds the providers of <see cref="KeeperGrainStorage"/>; the folder is that of <see cref="SqliteStorageOptions"/>.</summary>
    public static ISiloBuilder AddSqliteGrainStorage(this ISiloBuilder builder)
    {
        builder.Services.AddDataDirectory();
        builder.Services.TryAddSingleton<OrleansDataSource>();
        return builder.AddProvider(KeeperGrainStorage.PubSubStore).AddProvider(KeeperGrainStorage.Sessions);
    }

    private static ISiloBuilder AddProvider(this ISiloBuilder builder, string name) =>
        builder.AddAdoNetGrainStorage(name, options => options.Configure<OrleansDataSource, Serializer>((storage, dataSource, serializer) =>
        {
            // What Orleans calls SQLite with Microsoft.Data.Sqlite.
            storage.Invariant = "System.Data.SQLite";
            storage.DataSource = dataSource;
            storage.DeleteStateOnClear = true;
            storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
}
