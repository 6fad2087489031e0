using OrleansKeeper.ClientSdk.Connections;

namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>A persistent watch of a client. Listens from the moment in which it is asked for, and shows what happened behind the reply.</summary>
internal sealed class PersistentWatch(KeeperConnection connection, string path, string chroot, WatchMode mode, int capacity)
    : KeeperWatch, IWatchInWaiting
{
    private readonly WatchQueue _queue = new(capacity);
    private List<WatchEvent>? _early = [];
    private WatchEvent? _dropped;
    private long _setAt;
    private int _hasReader;
    private int _isDisposed;

    public override string Path { get; } = path;

    public WatchMode Mode { get; } = mode;

    /// <summary>The path, from the service's root.</summary>
    public string ServicePath { get; } = ChrootPath.ToService(chroot, path);

    /// <summary>An event came. Under the connection's lock.</summary>
    public void Hear(in WatchEvent watchEvent)
    {
        if (_early is { } early && early.Count == capacity)
            _dropped = watchEvent;
        else if (_early is not null)
            _early.Add(watchEvent);
        else if (watchEvent.Zxid > _setAt)
            _queue.Add(watchEvent with { Path = ChrootPath.ToClient(chroot, watchEvent.Path) });
    }

    /// <summary>The watch is set as of a transaction. Under the connection's lock.</summary>
    public void Set(long zxid)
    {
        var early = _early ?? [];
        _early = null;
        _setAt = zxid;
        foreach (var watchEvent in early)
            Hear(watchEvent);
        if (_dropped is { } dropped && dropped.Zxid > zxid)
            _queue.Drop(dropped);
    }

    /// <summary>The client is closed.</summary>
    public void Close() => _queue.Complete();

    public void Abandon() => connection.Watches.Remove(this);

    public override async IAsyncEnumerator<WatchEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _hasReader, 1) != 0)
            throw new InvalidOperationException($"The watch on {Path} has a reader already.");

        try
        {
            while (await _queue.TakeAsync(Path, cancellationToken).ConfigureAwait(false) is { } watchEvent)
                yield return watchEvent;
        }
        finally
        {
            Volatile.Write(ref _hasReader, 0);
        }
    }

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _queue.Complete();
            connection.RemoveWatch(this);
        }

        return ValueTask.CompletedTask;
    }
}
