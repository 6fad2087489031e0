using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>Adds the storage of a cluster.</summary>
internal static partial class PostgreSqlStorageServiceCollectionExtensions
{
    private const string Form = "Host=…;Database=…;Username=…;Password=…";

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
        if (services.Any(service => service.ServiceType == typeof(PostgreSqlDatabase)))
            return services;

        services.AddOptions<PostgreSqlStorageOptions>()
            .Validate(
                options => options.ConnectionString.Length > 0,
                $"ConnectionStrings:Keeper is missing. PostgreSQL is the storage, and this says how to reach it: {Form}")
            .Validate(
                options => IsReadable(options.ConnectionString),
                $"ConnectionStrings:Keeper is not a connection string that Npgsql can read: {Form}")
            .Validate(
                options => SchemaName().IsMatch(options.Schema),
                "Keeper:DatabaseSchema may have lower-case letters, digits and underscores, not a digit first, and 63 of them at most.");
        services.AddSingleton<PostgreSqlDatabase>();
        return services;
    }

    private static bool IsReadable(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z")]
    private static partial Regex SchemaName();
}
