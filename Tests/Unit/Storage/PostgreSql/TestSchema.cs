using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Storage.PostgreSql;
using OrleansKeeper.Tests.Databases;

namespace OrleansKeeper.Tests.Unit.Storage.PostgreSql;

/// <summary>A schema of a test's own, in the server that the tests share or in another one.</summary>
internal sealed class TestSchema(PostgreSqlServer server)
{
    public static TestSchema Shared() => new(PostgreSqlServer.Shared.GetAwaiter().GetResult());

    public string Name { get; } = PostgreSqlServer.NewSchema();

    public string ConnectionString => $"{server.ConnectionString};Search Path={Name}";

    /// <summary>Opens the database as a silo does.</summary>
    /// <param name="patience">How long an append waits for the database.</param>
    /// <param name="port">The port to connect to instead of the server's own.</param>
    /// <param name="logger">Where to log.</param>
    public PostgreSqlDatabase Open(TimeSpan? patience = null, int? port = null, ILogger<PostgreSqlDatabase>? logger = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        connection.Port = port ?? connection.Port;
        var options = new PostgreSqlStorageOptions
        {
            ConnectionString = connection.ToString(),
            Schema = Name,
            Patience = patience ?? TimeSpan.FromSeconds(30),
        };
        return new PostgreSqlDatabase(Options.Create(options), TimeProvider.System, logger ?? NullLogger<PostgreSqlDatabase>.Instance);
    }

    /// <summary>Opens a connection as somebody does who is not the program.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs a statement in the schema; returns its first value.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        return await ExecuteAsync(connection, sql);
    }

    /// <summary>Runs a statement in the schema, on the caller's thread.</summary>
    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Appends a batch to the log's first segment, in a transaction that stays open.</summary>
    public static Task AppendAndHoldAsync(NpgsqlConnection connection, LogBatch batch) => ExecuteAsync(
        connection,
        $"""
        BEGIN;
        UPDATE ledger SET last_zxid = {batch.LastZxid};
        INSERT INTO transaction_log (first_zxid, last_zxid, checksum, payload)
        VALUES ({batch.FirstZxid}, {batch.LastZxid}, {LogChecksum.Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span)},
          '\x{Convert.ToHexString(batch.Payload.Span)}')
        """);

    /// <summary>Returns when a query's value is true.</summary>
    public async Task EventuallyAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await ExecuteAsync(connection, sql) is not true)
        {
            Assert.False(patience.IsCancellationRequested, $"This did not come true in time: {sql}");
            await Task.Delay(5);
        }
    }
}
