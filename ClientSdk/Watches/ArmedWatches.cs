namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// The one-shot watches that are set on one path: one for each chroot, shared by all who asked for it, since they all hear of the same first event.
/// </summary>
internal sealed class ArmedWatches
{
    private readonly List<(string Chroot, TaskCompletionSource<WatchEvent> Fired)> _watches = [];

    /// <summary>The watch is set as of this transaction; events up to it are part of what was read.</summary>
    public long SetAt { get; private set; }

    /// <summary>Whether the znode existed when it was set.</summary>
    public bool Existed { get; private set; }

    /// <summary>Completes with the first event.</summary>
    public Task<WatchEvent> Add(string chroot, long zxid, bool exists)
    {
        SetAt = zxid;
        Existed = exists;
        foreach (var watch in _watches)
        {
            if (watch.Chroot == chroot)
                return watch.Fired.Task;
        }

        var fired = new TaskCompletionSource<WatchEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        _watches.Add((chroot, fired));
        return fired.Task;
    }

    public void Fire(in WatchEvent watchEvent)
    {
        foreach (var (chroot, fired) in _watches)
            fired.TrySetResult(watchEvent with { Path = ChrootPath.ToClient(chroot, watchEvent.Path) });
    }

    public void Fail(Exception exception)
    {
        foreach (var (_, fired) in _watches)
        {
            fired.TrySetException(exception);
            _ = fired.Task.Exception;
        }
    }
}
