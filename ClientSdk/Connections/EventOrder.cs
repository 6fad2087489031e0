using System.Buffers.Binary;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.GrainInterfaces.Events;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>
/// Puts the events of an attachment in order by their numbers, however they come: on the stream, in answer to a question, twice, or not at all until
/// somebody asks. Used under the connection's lock.
/// </summary>
internal sealed class EventOrder(WatchRegistry watches, SeenTransactions seen)
{
    /// <summary>Beyond that what came early is dropped, and asked for when its turn has come.</summary>
    private const int MostEarly = 256;

    private readonly SortedDictionary<long, SessionEvents> _early = [];
    private long? _attachment;
    private long _attachedAt;

    /// <summary>Number of the last event that was shown.</summary>
    public long Shown { get; private set; }

    /// <summary>Whether an event is missing before one that is here.</summary>
    public bool HasGap => _early.Count > 0;

    /// <summary>Events are numbered anew.</summary>
    /// <param name="attachment">The attachment whose events come now.</param>
    /// <param name="zxid">The transaction as of which it begins.</param>
    public void Begin(long attachment, long zxid)
    {
        _attachment = attachment;
        _attachedAt = zxid;
        _early.Clear();
        Shown = 0;
    }

    /// <summary>The attachment is gone: what still comes of its events will come again with the next one.</summary>
    public void End() => _attachment = null;

    /// <summary>Events came.</summary>
    public void Add(SessionEvents events)
    {
        if (events.Attachment != _attachment || events.Last <= Shown)
            return;

        if (events.First > Shown + 1)
        {
            if (_early.Count < MostEarly)
                _early[events.First] = events;
            return;
        }

        Show(events);
        while (_early.Count > 0 && _early.First().Value is var next && next.First <= Shown + 1)
        {
            _early.Remove(next.First);
            if (next.Last > Shown)
                Show(next);
        }
    }

    private void Show(SessionEvents events)
    {
        var rest = events.Frames.Span;
        for (var number = events.First; number <= events.Last; number++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (number > Shown)
                Show(rest.Slice(Frames.LengthPrefixBytes, length));
            rest = rest[(Frames.LengthPrefixBytes + length)..];
        }

        Shown = events.Last;
    }

    private void Show(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame);
        var header = ReplyHeader.Read(ref reader);
        var body = WatcherEvent.Read(ref reader);
        var type = (WatchEventType)body.Type;
        if (header.Zxid < 0)
        {
            // Of what the silo found changed when it set the one-shot watches again, without a history to say by which transaction.
            watches.FireOneShots(new WatchEvent(type, body.Path!, _attachedAt));
            return;
        }

        var watchEvent = new WatchEvent(type, body.Path!, header.Zxid);
        if (seen.SeeEvent(watchEvent))
            watches.Dispatch(watchEvent);
    }
}
