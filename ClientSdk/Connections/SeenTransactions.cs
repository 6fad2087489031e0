using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>
/// How far a client has followed the service, so that another silo can go on where this one ended: it has the events of all transactions up to
/// <see cref="Complete"/>, and of the one behind perhaps some, which are remembered so that they are not shown again. Used under the connection's lock.
/// </summary>
internal sealed class SeenTransactions
{
    private readonly Dictionary<(WatchEventType Type, string Path), int> _shown = [];
    private readonly Dictionary<(WatchEventType Type, string Path), int> _repeated = [];
    private long _partial;

    /// <summary>The events of all transactions up to this one were shown.</summary>
    public long Complete { get; private set; }

    /// <summary>The newest transaction of which anything was shown.</summary>
    public long Newest => Math.Max(Complete, _partial);

    /// <summary>Something was shown that is as of this transaction, and with it the events up to there (rule R6).</summary>
    public void SeeReply(long zxid)
    {
        if (zxid <= Complete)
            return;

        Complete = zxid;
        if (_partial <= zxid)
            Forget();
    }

    /// <summary>Another silo goes on: the events behind <see cref="Complete"/> come again.</summary>
    public void BeginRepetition()
    {
        // What an interrupted repetition has not come to was shown too, before it.
        foreach (var (shown, count) in _shown)
            _repeated[shown] = _repeated.GetValueOrDefault(shown) + count;
        _shown.Clear();
    }

    /// <summary>An event comes; false when it was shown before.</summary>
    public bool SeeEvent(in WatchEvent watchEvent)
    {
        if (watchEvent.Zxid > _partial)
        {
            // They come in the order of their transactions.
            Complete = Math.Max(Complete, watchEvent.Zxid - 1);
            Forget();
            _partial = watchEvent.Zxid;
        }

        var key = (watchEvent.Type, watchEvent.Path);
        _shown[key] = _shown.GetValueOrDefault(key) + 1;
        if (watchEvent.Zxid < _partial || !_repeated.TryGetValue(key, out var count))
            return true;

        if (count == 1)
            _repeated.Remove(key);
        else
            _repeated[key] = count - 1;
        return false;
    }

    private void Forget()
    {
        _shown.Clear();
        _repeated.Clear();
    }
}
