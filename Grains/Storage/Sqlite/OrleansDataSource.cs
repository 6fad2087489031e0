using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Connections for Orleans' ADO.NET grain storage. A pooled connection comes back as whoever used it last left it: in a transaction, should
/// a statement have failed in one. Such a connection would refuse every later write, so it is rolled back before it is used again.
/// </summary>
/// <remarks>
/// What is stored survives the death of the process; a power failure may take back the last writes, never part of one. None of it is the
/// truth about the tree or its sessions.
/// </remarks>
internal sealed class OrleansDataSource : DbDataSource
{
    public OrleansDataSource(DataDirectory directory)
    {
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = directory.OrleansPath, DefaultTimeout = 30 }.ToString();
        using var database = SqliteDatabase.Open(directory.OrleansPath);
        SchemaScript.OrleansStorage.Apply(database);
    }

    public override string ConnectionString { get; }

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
                Execute(connection, "ROLLBACK");
            Execute(connection, "PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=1000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite does not know asynchronous work.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => new(OpenDbConnection());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
    }

    protected override ValueTask DisposeAsyncCore()
    {
        Dispose(true);
        return ValueTask.CompletedTask;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
