using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// Keeps the log's write-ahead log bounded without making appends wait. SQLite starts it over from its beginning when all of it is in
/// the database at the moment of a write; while appends never pause, that moment does not come by itself. So a thread copies the bulk and
/// syncs it while appends go on, again and again until little is left, and copies that little while it holds appends back. An append's own sync
/// waits for what the disk is just writing, so the bulk is not large.
/// </summary>
internal sealed partial class WalCheckpointer : IDisposable
{
    /// <summary>The size that the write-ahead log has from the beginning: several times what is there when a checkpoint starts.</summary>
    public const long WalBytes = 32 << 20;

    private const long StartBytes = WalBytes / 8;
    private const long RetryBytes = WalBytes / 16;
    private const int FewPages = 64;
    private const int MostRounds = 8;

    private readonly SqliteDatabase _database;
    private readonly IDataSync _databaseSync;
    private readonly Lock _gate;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private long _writtenBytes;
    private long _limitBytes = StartBytes;
    private volatile bool _isStopped;

    public WalCheckpointer(string path, Lock gate, ILogger logger)
    {
        _gate = gate;
        _logger = logger;
        _database = SqliteDatabase.Open(path);
        _database.Execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;");

        // No other process has locks to respect here: it would have to hold the folder's first.
        _databaseSync = DataSync.Open(path);
        _thread = new Thread(Run) { IsBackground = true, Name = "Transaction log checkpoint" };
        _thread.Start();
    }

    /// <summary>Tells about how many bytes a commit put into the write-ahead log.</summary>
    public void OnWritten(long bytes)
    {
        if (Interlocked.Add(ref _writtenBytes, bytes) >= Volatile.Read(ref _limitBytes))
            _wake.Set();
    }

    public void Dispose()
    {
        _isStopped = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _database.Dispose();
        _databaseSync.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            if (_isStopped)
                return;
            if (Interlocked.Read(ref _writtenBytes) < Volatile.Read(ref _limitBytes))
                continue;

            Checkpoint();
        }
    }

    private void Checkpoint()
    {
        var isComplete = false;
        try
        {
            CopyBulk();
            _databaseSync.Sync();
            CopyBulk();
            lock (_gate)
            {
                var (logPages, checkpointedPages) = _database.CheckpointPassive();
                isComplete = logPages == checkpointedPages;
                Interlocked.Exchange(ref _writtenBytes, 0);
            }
        }
        catch (SqliteException exception)
        {
            LogCheckpointFailed(exception, _database.Path);
            Interlocked.Exchange(ref _writtenBytes, 0);
        }

        Volatile.Write(ref _limitBytes, isComplete ? StartBytes : RetryBytes);
    }

    private void CopyBulk()
    {
        var copied = 0;
        for (var round = 0; round < MostRounds && !_isStopped; round++)
        {
            var (_, checkpointedPages) = _database.CheckpointPassive();
            if (checkpointedPages - copied <= FewPages)
                return;
            copied = checkpointedPages;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The checkpoint of {Path} failed and will be repeated; until then its write-ahead log grows.")]
    private partial void LogCheckpointFailed(Exception exception, string path);
}
