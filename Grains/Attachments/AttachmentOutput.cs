using System.Buffers.Binary;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.GrainInterfaces.Events;
using OrleansKeeper.Grains.EventStreams;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>
/// A .NET client's sending side. The session writes frames as it does to a socket; here they part: replies go back with the batch that asked for
/// them, events get a number and go out on the session's stream. Each batch says how many events precede its replies, which puts the two in order
/// again (rule R6).
/// </summary>
internal sealed class AttachmentOutput(long attachment, StreamId stream, EventQueue events, int maxQueuedBytes) : ISessionOutput
{
    private const int ZxidOffset = Frames.LengthPrefixBytes + sizeof(int);

    private readonly EventBacklog _events = new(attachment);
    private readonly LinkedList<SubmittedBatch> _batches = new();
    private readonly List<byte[]> _held = [];
    private byte[] _eventSpace = new byte[256];
    private Memory<byte> _space;
    private bool _isHolding = true;
    private long _repeatedUpTo;
    private long _heldBytes;
    private TaskCompletionSource? _room;

    public Lock Lock { get; } = new();

    /// <summary>Whether nothing more is sent.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Called once, under the lock, when the session's end or another carrier closes this one.</summary>
    public Action? Closed { get; set; }

    /// <summary>Why it was closed, where that was not in order.</summary>
    public string? AbortReason { get; private set; }

    public long LastEvent => _events.LastNumber;

    public bool IsFull => RetainedReplyBytes > maxQueuedBytes;

    public bool IsOverflowing => _events.Bytes + _heldBytes > 2L * maxQueuedBytes;

    private long RetainedReplyBytes { get; set; }

    /// <summary>The batch whose requests are answered next: they are answered in order.</summary>
    private SubmittedBatch? Unanswered
    {
        get
        {
            for (var batch = _batches.First; batch is not null; batch = batch.Next)
            {
                if (!batch.Value.IsAnswered)
                    return batch.Value;
            }

            return null;
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (Unanswered is { } batch)
            return _space = batch.GetMemory(sizeHint);

        if (_eventSpace.Length < sizeHint)
            _eventSpace = new byte[sizeHint];
        return _space = _eventSpace;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>A frame was written: each is written whole.</summary>
    public void Advance(int count)
    {
        var frame = _space.Span[..count];
        if (BinaryPrimitives.ReadInt32BigEndian(frame[Frames.LengthPrefixBytes..]) == WellKnownXids.Notification)
        {
            AddEvent(frame);
        }
        else if (Unanswered is { } batch)
        {
            batch.AddReply(count);
            RetainedReplyBytes += count;
        }
    }

    public void Flush()
    {
        if (!_isHolding && _events.Seal() is { } sealedEvents)
            events.Publish(stream, sealedEvents);
        var unanswered = Unanswered;
        foreach (var batch in _batches)
            batch.Release(_events.LastNumber, isRestHeldUp: IsFull && batch == unanswered);
    }

    public Task WaitForRoomAsync()
    {
        lock (Lock)
        {
            if (!IsFull || IsClosed)
                return Task.CompletedTask;

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>The next replies belong to this batch and those added before.</summary>
    public void Add(SubmittedBatch batch) => _batches.AddLast(batch);

    /// <summary>The batch of that number, if it was added and not acknowledged.</summary>
    public SubmittedBatch? Find(long number) => _batches.FirstOrDefault(batch => batch.Request.Number == number);

    /// <summary>Completes with replies to a batch.</summary>
    public Task<ReplyBatch> ReadAsync(SubmittedBatch batch) => batch.ReadAsync(_events.LastNumber, IsFull);

    /// <summary>The client has so many replies of a batch.</summary>
    public void Acknowledge(SubmittedBatch batch, int replies)
    {
        var before = batch.RetainedBytes;
        batch.Acknowledge(replies);
        Retained(batch.RetainedBytes - before);
    }

    /// <summary>The client has all replies of the batches up to this one, and all events up to that one.</summary>
    public void Acknowledge(long batches, long eventNumber)
    {
        _events.Acknowledge(eventNumber);
        while (_batches.First is { Value: { IsAnswered: true } answered } && answered.Request.Number <= batches)
        {
            _batches.RemoveFirst();
            Retained(-answered.RetainedBytes);
        }
    }

    /// <summary>The events that the client may not have.</summary>
    public SessionEvents[] ReadEvents() => _events.Read();

    /// <summary>
    /// Ends the time in which events were held back: first come those that the client missed, then what happened meanwhile, but for what is among
    /// the former, also of that which comes later: the transaction may still be firing its watches. They are returned, and not sent on the stream.
    /// </summary>
    /// <param name="missed">The frames of the events up to a transaction.</param>
    /// <param name="missedUpTo">That transaction.</param>
    public SessionEvents[] EndHolding(IEnumerable<byte[]> missed, long missedUpTo)
    {
        foreach (var frame in missed)
            _events.Add(frame);
        _repeatedUpTo = missedUpTo;
        _isHolding = false;
        foreach (var frame in _held)
            AddEvent(frame);

        _held.Clear();
        _heldBytes = 0;
        _events.Seal();
        return _events.Read();
    }

    public void Close()
    {
        if (IsClosed)
            return;

        IsClosed = true;
        foreach (var batch in _batches)
            batch.Abandon();
        _room?.TrySetResult();
        Closed?.Invoke();
    }

    public void Abort(string reason)
    {
        lock (Lock)
        {
            AbortReason ??= reason;
            Close();
        }
    }

    private void AddEvent(ReadOnlySpan<byte> frame)
    {
        if (_isHolding)
        {
            _held.Add(frame.ToArray());
            _heldBytes += frame.Length;
        }
        else if (!IsRepeated(BinaryPrimitives.ReadInt64BigEndian(frame[ZxidOffset..])))
        {
            _events.Add(frame);
        }
    }

    /// <summary>Events without a zxid are of a look at the tree and not of a transaction.</summary>
    private bool IsRepeated(long zxid) => zxid >= 0 && zxid <= _repeatedUpTo;

    private void Retained(int change)
    {
        RetainedReplyBytes += change;
        if (_room is { } room && !IsFull)
        {
            _room = null;
            room.TrySetResult();
        }
    }
}
