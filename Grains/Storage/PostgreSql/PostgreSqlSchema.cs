using System.Data;
using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// The tables of the service and of Orleans: embedded scripts that can be applied again without effect, and the version that they make.
/// A row says which version the schema has, so a later program can migrate it and an older one refuses it. Silos that start at once
/// wait for each other at an advisory lock; a schema that is there already is not locked.
/// </summary>
internal static class PostgreSqlSchema
{
    private const int Version = 3;
    private const string LockTimeout = "30s";

    private static readonly string[] Scripts = ["TransactionLog.sql", "LogSegments.sql", "ZNodeStore.sql", "OrleansStorage.sql", "OrleansMembership.sql"];

    /// <summary>Brings the schema to this version.</summary>
    /// <param name="connection">A connection whose search path is the schema.</param>
    /// <param name="schema">The schema's name, which needs no quotes.</param>
    /// <param name="database">What to call the database in messages.</param>
    /// <exception cref="SchemaVersionException">The schema has a later version.</exception>
    public static void Apply(NpgsqlConnection connection, string schema, string database)
    {
        if (ReadVersion(connection, schema, database) == Version)
            return;

        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        Execute(connection, $"SET LOCAL lock_timeout = '{LockTimeout}'");
        Execute(connection, $"SELECT pg_advisory_xact_lock(hashtextextended('OrleansKeeper {schema}', 0))");
        if (ReadVersion(connection, schema, database) == Version)
            return;

        // Asked first, because a user who may not create schemas may not do so if there is one either.
        if (Query(connection, $"SELECT to_regnamespace('{schema}') IS NULL") is true)
            Execute(connection, $"CREATE SCHEMA {schema}");
        foreach (var script in Scripts)
            Execute(connection, ReadScript(script));
        Execute(connection, "CREATE TABLE IF NOT EXISTS schema_version (id integer PRIMARY KEY CHECK (id = 1), version integer NOT NULL)");
        Execute(connection, $"INSERT INTO schema_version VALUES (1, {Version}) ON CONFLICT (id) DO UPDATE SET version = excluded.version");
        transaction.Commit();
    }

    private static int ReadVersion(NpgsqlConnection connection, string schema, string database)
    {
        if (Query(connection, $"SELECT to_regclass('{schema}.schema_version') IS NULL") is true)
            return 0;

        var found = Query(connection, "SELECT version FROM schema_version WHERE id = 1") is int version ? version : 0;
        return found <= Version ? found : throw new SchemaVersionException(database, found, Version);
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static object? Query(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private static string ReadScript(string name)
    {
        using var stream = typeof(PostgreSqlSchema).Assembly.GetManifestResourceStream(typeof(PostgreSqlSchema), name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
