using Microsoft.Extensions.Logging;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The embedded storage, opened once for several silos of this process, as a cluster of silos inside one test has them: what two processes
/// may not do, since the files belong to one. Which of the silos may write is decided by epochs, as everywhere (rule R3). It outlives the
/// silos; whoever opened it disposes it behind them.
/// </summary>
internal sealed class SharedSqliteStorage : IDisposable
{
    private readonly SqliteTransactionLog _log;
    private readonly SqliteZNodeStore _store;

    /// <param name="path">The folder; created when it is missing.</param>
    /// <param name="loggers">Where to log.</param>
    /// <exception cref="DataDirectoryInUseException">Another process, or somebody else in this one, holds the folder.</exception>
    public SharedSqliteStorage(string path, ILoggerFactory loggers)
    {
        Directory = new DataDirectory(path);
        try
        {
            _log = new SqliteTransactionLog(Directory, loggers.CreateLogger<SqliteTransactionLog>());
            _store = new SqliteZNodeStore(Directory);
            OrleansDataSource = new OrleansDataSource(Directory);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DataDirectory Directory { get; }

    public ITransactionLog Log => _log;

    public IZNodeStore Store => _store;

    /// <summary>For Orleans' grain storage.</summary>
    public OrleansDataSource OrleansDataSource { get; }

    public void Dispose()
    {
        OrleansDataSource?.Dispose();
        _store?.Dispose();
        _log?.Dispose();
        Directory.Dispose();
    }
}
