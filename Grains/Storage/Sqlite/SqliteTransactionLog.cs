using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The transaction log in a database file of its own, so that nothing but appends decides how long an append takes. The file does not
/// shrink when it is trimmed; the space is used again.
/// </summary>
internal sealed partial class SqliteTransactionLog : ITransactionLog, IDisposable
{
    /// <summary>Pages besides those of the payload that a commit writes, about.</summary>
    private const long CommitBytes = 2 * 8192;

    /// <summary>Trimming leaves appends this much time between two steps.</summary>
    private static readonly TimeSpan TrimPause = TimeSpan.FromMilliseconds(2);

    private readonly string _path;
    private readonly ILogger<SqliteTransactionLog> _logger;
    private readonly TimeProvider _timeProvider;

    /// <summary>Held by whoever writes: waiting for it takes less than SQLite's own waiting, which sleeps.</summary>
    private readonly Lock _writeGate = new();
    private readonly Lock _readGate = new();
    private readonly SemaphoreSlim _trimGate = new(1);

    private readonly SqliteDatabase _readDatabase;
    private readonly SqliteStatement _readLedger;
    private readonly SqliteStatement _readLastBefore;
    private readonly LogRowAppender _appender;
    private readonly LogTrimmer _trimmer;
    private readonly WalCheckpointer _checkpointer;
    private volatile bool _isDisposed;

    public SqliteTransactionLog(DataDirectory directory, TimeProvider timeProvider, ILogger<SqliteTransactionLog> logger)
    {
        _path = directory.LogPath;
        _timeProvider = timeProvider;
        _logger = logger;
        var walPath = _path + "-wal";
        WarnOfIgnoredFrames(walPath);
        try
        {
            _readDatabase = SqliteDatabase.Open(_path);
            SchemaScript.TransactionLog.Apply(_readDatabase);
            Preallocate(walPath);
            _readLedger = _readDatabase.Prepare(
                """
                SELECT epoch, holder, coalesce((SELECT last_zxid FROM transaction_log ORDER BY first_zxid DESC LIMIT 1), trimmed_zxid)
                FROM ledger
                WHERE id = 1
                """);
            _readLastBefore = _readDatabase.Prepare(
                "SELECT last_zxid FROM transaction_log WHERE first_zxid < ?1 ORDER BY first_zxid DESC LIMIT 1");
            ReadLedger();
            _appender = new LogRowAppender(_path);
            _trimmer = new LogTrimmer(_path);
            _checkpointer = new WalCheckpointer(_path, _writeGate, logger);
        }
        catch (SqliteException exception) when (SqliteDamage.IsDamage(exception))
        {
            DisposeConnections();
            throw SqliteDamage.InLog(_path, exception);
        }
        catch
        {
            DisposeConnections();
            throw;
        }
    }

    public ValueTask<Ledger> ReadLedgerAsync(CancellationToken cancellationToken = default) => new(ReadLedger());

    public ValueTask<bool> TryClaimEpochAsync(int expectedEpoch, string holder, CancellationToken cancellationToken = default)
    {
        lock (_writeGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new(_appender.TryClaimEpoch(expectedEpoch, holder));
        }
    }

    // The connection is open already, and nobody else can break it.
    public ValueTask<bool> PrepareToClaimAsync(CancellationToken cancellationToken = default) => new(true);

    public ValueTask<long> ReadLastZxidAsync(CancellationToken cancellationToken = default) => new(ReadLedger().LastZxid);

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure)
    {
        ZxidOrder.DemandFollows(epoch, previousZxid, batch);
        lock (_writeGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var outcome = _appender.Append(epoch, previousZxid, batch, out failure);
            _checkpointer.OnWritten(batch.Payload.Length + CommitBytes);
            return outcome;
        }
    }

    public async IAsyncEnumerable<LogBatch> ReadAfterAsync(long zxid, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var cursor = await Task.Run(() => new LogCursor(_path, zxid), cancellationToken);
        while (await Task.Run(cursor.ReadPiece, cancellationToken) is { Count: > 0 } piece)
        {
            foreach (var batch in piece)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return batch;
            }
        }
    }

    public ValueTask<long> ReadLastBeforeAsync(int epoch, CancellationToken cancellationToken = default)
    {
        lock (_readGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _readLastBefore.Bind(1, Zxid.Of(epoch, 0));
            var last = _readLastBefore.Step() ? _readLastBefore.Int64(0) : 0;
            _readLastBefore.Reset();
            return new(last);
        }
    }

    public async ValueTask TrimAsync(long zxid, CancellationToken cancellationToken = default)
    {
        while (await TrimStepAsync(zxid, cancellationToken))
            await Task.Delay(TrimPause, _timeProvider, cancellationToken);
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;

        // What is under way ends first, since a connection that is closed under it would take the process down.
        _isDisposed = true;
        _trimGate.Wait();
        _checkpointer.Dispose();
        lock (_writeGate)
        {
            lock (_readGate)
                DisposeConnections();
        }

        _trimGate.Release();
    }

    private void DisposeConnections()
    {
        _trimmer?.Dispose();
        _appender?.Dispose();
        _readDatabase?.Dispose();
    }

    private async ValueTask<bool> TrimStepAsync(long zxid, CancellationToken cancellationToken)
    {
        await _trimGate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var hasTrimmed = await Task.Run(() => _trimmer.Step(zxid, _writeGate), cancellationToken);
            if (hasTrimmed)
                _checkpointer.OnWritten(CommitBytes);
            return hasTrimmed;
        }
        finally
        {
            _trimGate.Release();
        }
    }

    private Ledger ReadLedger()
    {
        lock (_readGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_readLedger.Step())
                throw new LogCorruptedException($"The transaction log {_path} is damaged: its ledger is empty.");

            var ledger = new Ledger(_readLedger.Int32(0), _readLedger.Text(1), _readLedger.Int64(2));
            _readLedger.Reset();
            return ledger;
        }
    }

    private void WarnOfIgnoredFrames(string walPath)
    {
        var inspection = WalInspection.Of(walPath);
        if (inspection.IgnoredCommits > 1)
        {
            throw new LogCorruptedException(
                $"{walPath} is damaged at offset {inspection.Offset}: {inspection.IgnoredCommits} appends from there on cannot be read, and a "
                + "crash leaves at most one. They were acknowledged to clients, so nothing is started without them. Restore the file from a "
                + "copy, or remove it to go on without everything that only it holds.");
        }

        if (inspection.IgnoredBytes > 0)
            LogIgnoredFrames(inspection.IgnoredFrames, inspection.IgnoredCommits, inspection.IgnoredBytes, walPath, inspection.Offset);
    }

    private void Preallocate(string walPath)
    {
        try
        {
            WalPreallocation.Grow(walPath, WalCheckpointer.WalBytes);
        }
        catch (IOException exception)
        {
            LogPreallocationFailed(exception, walPath);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Frames} frames with {Commits} commits ({Bytes} bytes) of {Path} are ignored, from offset {Offset} on, "
            + "because they are incomplete or their checksums do not match. A crash in the middle of an append leaves such a rest of "
            + "a single append, which nobody was told had succeeded; otherwise the file was damaged.")]
    private partial void LogIgnoredFrames(int frames, int commits, long bytes, string path, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} could not be grown in advance; appends take longer until it has grown.")]
    private partial void LogPreallocationFailed(Exception exception, string path);
}
