using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The znode and session tables in a database file beside the log. One connection writes, on a thread that gives way to requests; a few
/// others read, each the state as of the moment at which it began, so that a running checkpoint never blocks a read. A read of a row takes
/// microseconds when the page is in memory and is answered on the caller's thread.
/// </summary>
internal sealed class SqliteZNodeStore : IZNodeStore, IDisposable
{
    private static readonly int MostIdleReaders = Math.Max(4, Environment.ProcessorCount);

    private readonly string _path;
    private readonly ConcurrentBag<ZNodeStoreReader> _readers = [];
    private readonly SemaphoreSlim _writerGate = new(1);
    private readonly ZNodeStoreWriter _writer;
    private readonly BackgroundThread _writerThread;
    private volatile bool _isDisposed;

    public SqliteZNodeStore(DataDirectory directory)
    {
        _path = directory.StorePath;
        try
        {
            using (var database = SqliteDatabase.Open(_path))
                SchemaScript.ZNodeStore.Apply(database);
            _writer = new ZNodeStoreWriter(_path);
            _writerThread = new BackgroundThread("ZNode store writer");
        }
        catch (SqliteException exception) when (SqliteDamage.IsDamage(exception))
        {
            throw SqliteDamage.InStore(_path, exception);
        }
    }

    public ValueTask<StoreMarks> ReadMarksAsync(CancellationToken cancellationToken = default) => Read(static (reader, _) => reader.ReadMarks(), "");

    public ValueTask BeginCheckpointAsync(int epoch, long target, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.BeginCheckpoint(epoch, target), cancellationToken);

    public ValueTask WriteZNodesAsync(int epoch, IReadOnlyList<ZNodeRow> rows, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.WriteZNodes(epoch, rows, cancellationToken), cancellationToken);

    public ValueTask WriteSessionsAsync(int epoch, IReadOnlyList<SessionRow> rows, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.WriteSessions(epoch, rows, cancellationToken), cancellationToken);

    public ValueTask CompleteCheckpointAsync(int epoch, long target, long znodeCount, CancellationToken cancellationToken = default) =>
        WriteAsync(writer => writer.CompleteCheckpoint(epoch, target, znodeCount), cancellationToken);

    public ValueTask<StoredZNode> ReadZNodeAsync(string path, CancellationToken cancellationToken = default) =>
        Read(static (reader, path) => reader.ReadZNode(path), path);

    public ValueTask<StoredChildNames> ReadChildNamesAsync(string path, CancellationToken cancellationToken = default) =>
        Read(static (reader, path) => reader.ReadChildNames(path), path);

    public ValueTask<long> VisitChildNamesAsync(string path, Action<string> visit, CancellationToken cancellationToken = default) =>
        VisitAsync((reader, parent) => reader.VisitChildNames(parent, visit, cancellationToken), path, cancellationToken);

    public ValueTask<long> VisitBelowAsync(string path, Action<string> visit, CancellationToken cancellationToken = default) =>
        VisitAsync((reader, above) => reader.VisitBelow(above, visit, cancellationToken), path, cancellationToken);

    public ValueTask<IReadOnlyList<SessionRow>> ReadSessionsAsync(CancellationToken cancellationToken = default) =>
        Read(static (reader, _) => reader.ReadSessions(), "");

    public ValueTask<IReadOnlyList<StoredEphemeral>> ReadEphemeralsAsync(CancellationToken cancellationToken = default) =>
        Read(static (reader, _) => reader.ReadEphemerals(), "");

    public ValueTask<IReadOnlyList<string>> ReadContainersAsync(CancellationToken cancellationToken = default) =>
        Read(static (reader, _) => reader.ReadContainers(), "");

    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        DisposeIdleReaders();

        // A write that is under way ends first: a connection that is closed under it would take the process down.
        _writerGate.Wait();
        _writer.Dispose();
        _writerThread.Dispose();
        _writerGate.Release();
    }

    /// <summary>Reads what may be very many rows.</summary>
    private async ValueTask<long> VisitAsync(Func<ZNodeStoreReader, string, long> visit, string path, CancellationToken cancellationToken) =>
        await OwnThread.RunAsync(() => Read(visit, path).GetAwaiter().GetResult(), cancellationToken).ConfigureAwait(false);

    private ValueTask<T> Read<T>(Func<ZNodeStoreReader, string, T> read, string path)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            if (!_readers.TryTake(out var reader))
                reader = new ZNodeStoreReader(_path);

            T result;
            try
            {
                result = read(reader, path);
            }
            catch
            {
                reader.Dispose();
                throw;
            }

            Return(reader);
            return new(result);
        }
        catch (SqliteException exception) when (SqliteDamage.IsDamage(exception))
        {
            throw SqliteDamage.InStore(_path, exception);
        }
    }

    private void Return(ZNodeStoreReader reader)
    {
        if (_readers.Count >= MostIdleReaders)
            reader.Dispose();
        else
            _readers.Add(reader);
        if (_isDisposed)
            DisposeIdleReaders();
    }

    private void DisposeIdleReaders()
    {
        while (_readers.TryTake(out var reader))
            reader.Dispose();
    }

    private async ValueTask WriteAsync(Action<ZNodeStoreWriter> write, CancellationToken cancellationToken)
    {
        await _writerGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            await _writerThread.RunAsync(() => write(_writer)).ConfigureAwait(false);
        }
        finally
        {
            _writerGate.Release();
        }
    }
}
