using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace OrleansKeeper.Grains.Storage.PostgreSql;

/// <summary>
/// The database of a cluster, with its schema in place. All connections commit durably and statement by statement, whatever the server's
/// defaults are: nothing here needs a transaction that is open from one message to the next, and a silo that is paused holds no lock.
/// </summary>
internal sealed partial class PostgreSqlDatabase : IDisposable, IAsyncDisposable
{
    private const string Product = "OrleansKeeper";
    private const int MostConnectSeconds = 5;

    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a statement on the ledger waits for somebody else's. Appends take milliseconds; whoever holds the row for longer
    /// was cut off in the middle of one.
    /// </summary>
    private static readonly TimeSpan LedgerLockTimeout = TimeSpan.FromMilliseconds(300);

    /// <summary>So much later than Npgsql should have given up a connection attempt, it is given up here.</summary>
    private static readonly TimeSpan OpenMargin = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _ledgerSource;
    private readonly TimeSpan _openLimit;
    private readonly TimeProvider _time;

    public PostgreSqlDatabase(IOptions<PostgreSqlStorageOptions> options, TimeProvider time, ILogger<PostgreSqlDatabase> logger)
    {
        var settings = options.Value;
        _time = time;
        var pool = Pool(settings);
        _openLimit = TimeSpan.FromSeconds(pool.Timeout) + OpenMargin;
        Patience = settings.Patience;
        Name = $"PostgreSQL at {pool.Host}:{pool.Port}, database {pool.Database ?? pool.Username}, schema {settings.Schema}";
        DataSource = NpgsqlDataSource.Create(pool);
        CheckpointSource = CreateWritingSource(Checkpoint(pool));
        _ledgerSource = CreateWritingSource(Ledger(pool));
        try
        {
            using var connection = Open(DataSource);
            PostgreSqlSchema.Apply(connection, settings.Schema, Name);
            using var command = new NpgsqlCommand("SHOW fsync", connection);
            if (command.ExecuteScalar() is not "on")
                LogNotDurable(logger, Name);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            Dispose();
            throw new DatabaseUnavailableException(Name, exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it is, for messages; without the password.</summary>
    public string Name { get; }

    /// <summary>How long an append or a read waits for a database that is away before it fails.</summary>
    public TimeSpan Patience { get; }

    /// <summary>Connections for everything but appends and checkpoints.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>
    /// The one connection for checkpoints. The pool's would take turns, and each of PostgreSQL's processes would map the tables' pages anew.
    /// </summary>
    public NpgsqlDataSource CheckpointSource { get; }

    /// <summary>Opens a connection of its own for the ledger, which waits for locks only a moment.</summary>
    public NpgsqlConnection OpenLedgerConnection() => Open(_ledgerSource);

    /// <summary>
    /// Runs a query and reads its rows. After a restart of the server every pooled connection is broken, which shows when it is used:
    /// then all are given up, and the query runs again, for as long as an append would wait.
    /// </summary>
    public async Task<List<T>> ReadAsync<T>(
        string sql, object[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await VisitAsync(sql, parameters, row => rows.Add(read(row)), forget: rows.Clear, cancellationToken).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Runs a query and visits its rows as they come, each once: when a row was visited, it does not run again.</summary>
    public Task VisitAsync(string sql, object[] parameters, Action<NpgsqlDataReader> visit, CancellationToken cancellationToken) =>
        VisitAsync(sql, parameters, visit, forget: null, cancellationToken);

    public void Dispose()
    {
        DataSource.Dispose();
        CheckpointSource.Dispose();
        _ledgerSource.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await CheckpointSource.DisposeAsync();
        await _ledgerSource.DisposeAsync();
    }

    private static bool IsOfConnection(NpgsqlException exception) =>
        exception is PostgresException refusal ? refusal.InvariantSeverity != "ERROR" : exception.IsTransient;

    private static NpgsqlConnectionStringBuilder Pool(PostgreSqlStorageOptions settings)
    {
        var pool = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            SearchPath = settings.Schema,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
        };
        pool.ApplicationName ??= Product;
        pool.Timeout = Math.Min(pool.Timeout, Math.Clamp((int)Math.Ceiling(settings.Patience.TotalSeconds), 1, MostConnectSeconds));
        pool.Options = $@"{pool.Options} -c default_transaction_isolation=read\ committed -c synchronous_commit=on".TrimStart();
        return pool;
    }

    private static NpgsqlConnectionStringBuilder Checkpoint(NpgsqlConnectionStringBuilder pool) => new(pool.ConnectionString)
    {
        ApplicationName = pool.ApplicationName + " checkpoint",
        Pooling = true,
        MinPoolSize = 0,
        MaxPoolSize = 1,
    };

    // A command that takes too long is given up at once, not cancelled first: who has a new connection finds out what became of it.
    private static NpgsqlConnectionStringBuilder Ledger(NpgsqlConnectionStringBuilder pool) => new(pool.ConnectionString)
    {
        ApplicationName = pool.ApplicationName + " ledger",
        Pooling = false,
        MaxAutoPrepare = 0,
        CancellationTimeout = -1,
        Options = $"{pool.Options} -c lock_timeout={LedgerLockTimeout.TotalMilliseconds:F0}",
    };

    private static NpgsqlDataSource CreateWritingSource(NpgsqlConnectionStringBuilder connections)
    {
        var source = new NpgsqlDataSourceBuilder(connections.ConnectionString);
        source.UsePhysicalConnectionInitializer(BackendMemory.Keep, BackendMemory.KeepAsync);
        return source.Build();
    }

    /// <summary>
    /// Opens a connection. Npgsql's own synchronous way may wait without end for a server that takes the connection and then says nothing.
    /// </summary>
    private NpgsqlConnection Open(NpgsqlDataSource source)
    {
        using var limit = new CancellationTokenSource(_openLimit, _time);
        try
        {
            return source.OpenConnectionAsync(limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException exception)
        {
            var reason = $"{Name} took the connection and did not answer within {_openLimit.TotalSeconds:F0} s.";
            throw new NpgsqlException(reason, new TimeoutException(reason, exception));
        }
    }

    /// <summary>Runs a query and visits its rows, and does so again while its connection breaks, if nothing was visited or that can be undone.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="visit">Called with each row.</param>
    /// <param name="forget">Undoes what was visited, before the query runs again; null when that cannot be undone.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    private async Task VisitAsync(
        string sql, object[] parameters, Action<NpgsqlDataReader> visit, Action? forget, CancellationToken cancellationToken)
    {
        for (var started = _time.GetTimestamp(); ;)
        {
            var isVisited = false;
            try
            {
                await using var command = DataSource.CreateCommand(sql);
                foreach (var parameter in parameters)
                    command.Parameters.Add(new NpgsqlParameter { Value = parameter });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    isVisited = true;
                    visit(reader);
                }

                return;
            }
            catch (NpgsqlException exception)
                when (IsOfConnection(exception) && _time.GetElapsedTime(started) < Patience && (forget is not null || !isVisited))
            {
                forget?.Invoke();
                DataSource.Clear();
                await Task.Delay(ReadPause, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "{Database} runs with fsync off: what is acknowledged to clients is lost when the machine fails, and the database may be damaged.")]
    private static partial void LogNotDurable(ILogger logger, string database);
}
