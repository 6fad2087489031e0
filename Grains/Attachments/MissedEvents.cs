using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Grains.Security;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Grains.Watches;
using OrleansKeeper.Protocol;
using Identity = OrleansKeeper.Protocol.Id;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>
/// What a client's watches would have heard of, had they been set while transactions passed: they are, in a watch table of their own, and the
/// transactions pass again.
/// </summary>
internal sealed class MissedEvents : IWatcher
{
    private readonly WatchTable _watches = new();
    private readonly DeliveryRound _round = new();
    private readonly List<byte[]> _frames = [];
    private readonly IReadOnlyList<Identity> _identities;
    private readonly long _maxBytes;
    private long _bytes;

    public MissedEvents(WatchRegistrations watches, IReadOnlyList<Identity> identities, long maxBytes)
    {
        _identities = identities;
        _maxBytes = maxBytes;
        watches.AddOneShotsTo(_watches, this);
        watches.AddPersistentTo(_watches, this);
    }

    public WatchedPaths Watched { get; } = new();

    /// <summary>The events, as frames.</summary>
    public IReadOnlyList<byte[]> Frames => _frames;

    /// <summary>Whether there are more than a client may have waiting; then those here are not all.</summary>
    public bool AreTooMany => _bytes > _maxBytes;

    public void Pass(Transaction transaction)
    {
        foreach (var change in transaction.Changes)
            _watches.Fire(change, transaction.Zxid, _round);
    }

    /// <summary>Whether a one-shot watch is still set.</summary>
    public bool IsSet(WatchKind kind, string path) => _watches.Contains(kind, path, this, WatchModes.Standard);

    public void Deliver(in WatchEvent watchEvent, DeliveryRound round)
    {
        if (AreTooMany || !AccessControl.Allows(watchEvent.Acl, Permissions.Read, _identities))
            return;

        var frame = ReplyWriter.EncodeEvent(watchEvent.Zxid, watchEvent.Type, watchEvent.Path);
        _bytes += frame.Length;
        _frames.Add(frame);
    }
}
