using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>Adds the embedded storage.</summary>
internal static class SqliteStorageServiceCollectionExtensions
{
    /// <summary>Adds the transaction log and the znode store in the folder of <see cref="SqliteStorageOptions"/>.</summary>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services)
    {
        services.AddDataDirectory();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITransactionLog, SqliteTransactionLog>();
        services.TryAddSingleton<IZNodeStore, SqliteZNodeStore>();
        return services;
    }

    /// <summary>
    /// Gives this silo storage that is open already and used by other silos of the process too. To be called before the storage is added
    /// otherwise, which then adds nothing of its own. The silo does not dispose it.
    /// </summary>
    public static IServiceCollection AddSharedSqliteStorage(this IServiceCollection services, SharedSqliteStorage storage) => services
        .AddSingleton(storage.Directory)
        .AddSingleton(storage.Log)
        .AddSingleton(storage.Store)
        .AddSingleton(storage.OrleansDataSource);

    /// <summary>Adds the folder alone.</summary>
    public static IServiceCollection AddDataDirectory(this IServiceCollection services)
    {
        services.AddOptions<SqliteStorageOptions>()
            .Validate(options => !string.IsNullOrWhiteSpace(options.DataDirectory), "DataDirectory must name a folder.");
        services.TryAddSingleton(provider => new DataDirectory(provider.GetRequiredService<IOptions<SqliteStorageOptions>>()));
        return services;
    }
}
