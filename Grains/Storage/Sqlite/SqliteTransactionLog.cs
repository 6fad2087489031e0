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
    private readonly string _path;
    private readonly ILogger<SqliteTransactionLog> _logger;
    private readonly LogSegments _segments = new();

    /// <summary>Held by whoever writes: waiting for it takes less than SQLite's own waiting, which sleeps.</summary>
    private readonly Lock _writeGate = new();
    private readonly Lock _readGate = new();

    private readonly SqliteDatabase _readDatabase;
    private readonly SqliteStatement _readLedger;
    private readonly LogSpace _space;
    private readonly LogRowAppender _appender;
    private readonly WalCheckpointer _checkpointer;
    private volatile bool _isDisposed;

    public SqliteTransactionLog(DataDirectory directory, ILogger<SqliteTransactionLog> logger)
        : this(directory, logger, DataSync.Open)
    {
    }

    /// <param name="directory">Where the files are.</param>
    /// <param name="logger">Where to log.</param>
    /// <param name="openSync">Opens what syncs a write-ahead log, of which it is given the path.</param>
    internal SqliteTransactionLog(DataDirectory directory, ILogger<SqliteTransactionLog> logger, Func<string, IDataSync> openSync)
    {
        _path = directory.LogPath;
        _logger = logger;
        var walPath = _path + "-wal";
        WarnOfIgnoredFrames(walPath);
        try
        {
            _readDatabase = SqliteDatabase.Open(_path);
            SchemaScript.TransactionLog.Apply(_readDatabase);
            Preallocate(walPath);
            _readLedger = _readDatabase.Prepare("SELECT epoch, holder, trimmed_zxid FROM ledger WHERE id = 1");
            _space = new LogSpace(_path, _segments);
            ReadLedger();
            _appender = new LogRowAppender(_path, _segments, _space, openSync);
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
            var slots = _segments.SlotCount;
            var outcome = _appender.Append(epoch, previousZxid, batch, out failure);

            // Besides its payload, about: the rest of the page, and the slots that were added.
            _checkpointer.OnWritten(batch.Payload.Length + (SchemaScript.TransactionLog.PageSize * (1 + _segments.SlotCount - slots)));
            return outcome;
        }
    }

    public async IAsyncEnumerable<LogBatch> ReadAfterAsync(long zxid, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var cursor = await Task.Run(() => new LogCursor(_path, _segments, zxid), cancellationToken);
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
        lock (_writeGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new(_space.LastUpTo(Zxid.Of(epoch, 0)) ?? 0);
        }
    }

    public async ValueTask TrimAsync(long zxid, CancellationToken cancellationToken = default) => await Task.Run(() => Trim(zxid), cancellationToken);

    public void Dispose()
    {
        if (_isDisposed)
            return;

        // What is under way ends first, since a connection that is closed under it would take the process down.
        _isDisposed = true;
        _checkpointer.Dispose();
        lock (_writeGate)
        {
            lock (_readGate)
                DisposeConnections();
        }
    }

    private void DisposeConnections()
    {
        _space?.Dispose();
        _appender?.Dispose();
        _readDatabase?.Dispose();
    }

    private void Trim(long zxid)
    {
        lock (_writeGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_space.Trim(zxid))
                _checkpointer.OnWritten(SchemaScript.TransactionLog.PageSize);
        }
    }

    private Ledger ReadLedger()
    {
        lock (_readGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_readLedger.Step())
                throw new LogCorruptedException($"The transaction log {_path} is damaged: its ledger is empty.");

            // Not the last one in the file, which may wait for its sync.
            var lastZxid = Math.Max(_segments.LastZxid, _readLedger.Int64(2));
            var ledger = new Ledger(_readLedger.Int32(0), _readLedger.Text(1), lastZxid);
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
