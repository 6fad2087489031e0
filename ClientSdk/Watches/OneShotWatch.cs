namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// A one-shot watch whose request is on the way. Whether an event is for it, or was caused by an earlier watch and is part of what is read, only the
/// zxid of the reply tells: until then events are kept.
/// </summary>
/// <param name="registry">Where it listens.</param>
/// <param name="kind">What for.</param>
/// <param name="path">The path, from the service's root.</param>
/// <param name="chroot">The path that its caller sees as the root.</param>
internal sealed class OneShotWatch(WatchRegistry registry, OneShotKind kind, string path, string chroot) : IWatchInWaiting
{
    /// <summary>More than that happen to one znode within one request only when the request is held up.</summary>
    private const int MostEvents = 1024;

    private readonly Queue<WatchEvent> _events = new();

    public OneShotKind Kind { get; } = kind;

    public string Path { get; } = path;

    public string Chroot { get; } = chroot;

    /// <summary>An event of its path.</summary>
    public void Hear(in WatchEvent watchEvent)
    {
        if (_events.Count == MostEvents)
            _events.Dequeue();
        _events.Enqueue(watchEvent);
    }

    /// <summary>The reply is there: the watch is set, as of the reply's transaction.</summary>
    /// <param name="zxid">That transaction.</param>
    /// <param name="exists">Whether the znode exists.</param>
    /// <returns>Completes with the first event behind.</returns>
    public Task<WatchEvent> Set(long zxid, bool exists)
    {
        foreach (var watchEvent in _events)
        {
            if (watchEvent.Zxid > zxid)
            {
                Abandon();
                return Task.FromResult(watchEvent with { Path = ChrootPath.ToClient(Chroot, watchEvent.Path) });
            }
        }

        return registry.Set(this, zxid, exists);
    }

    public void Abandon() => registry.Remove(this);
}
