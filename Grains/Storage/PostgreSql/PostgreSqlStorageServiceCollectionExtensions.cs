using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>Adds the storage of a cluster.</summary>
internal static partial class PostgreSqlStorageServiceCollectionExtensions
{
    /// <summary>Adds the transaction log and the znode store in the database of <see cref="PostgreSqlStorageOptions"/>.</summary>
    public static IServiceCollection AddPostgreSqlStorage(this IServiceCollection services)
    {
        services.AddPostgreSqlDatabase();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITransactionLog, PostgreSqlTransactionLog>();
        services.TryAddSingleton<IZNodeStore, PostgreSqlZNodeStore>();
        return services;
    }

    /// <summary>Adds the database alone.</summary>
    public static IServiceCollection AddPostgreSqlDatabase(this IServiceCollection services)
    {
        services.AddOptions<PostgreSqlStorageOptions>()
            .Validate(
                options => !string.IsNullOrWhiteSpace(options.ConnectionString),
                "ConnectionStrings:Keeper is missing: PostgreSQL is the storage, and it says where that is.")
            .Validate(
                options => SchemaName().IsMatch(options.Schema),
                "The schema must have a name of lower-case letters, digits and underscores, not with a digit first, and up to 63 of them.");
        services.TryAddSingleton<PostgreSqlDatabase>();
        return services;
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaName();
}
