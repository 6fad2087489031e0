using System.Buffers.Binary;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.GrainInterfaces.Events;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>
/// Carries a session for a .NET client. Batches of requests are processed in the order of their numbers, since Orleans' messages overtake each other
/// on a socket, and each once: a batch that comes again, because the client lost its answer, gets the same replies. When too much waits, for the log
/// or for the client to take its replies, nothing more is processed until it is less. Nothing here blocks the grain that calls.
/// </summary>
internal sealed class Attachment
{
    /// <summary>The most batches that may be under way at a time.</summary>
    public const int Window = 16;

    private const int MostSpins = 10;

    private readonly Dictionary<long, SubmittedBatch> _early = [];
    private readonly ClientSession _session;
    private readonly AttachmentOutput _output;
    private readonly SubmitQueue _submitQueue;
    private readonly UndecidedRequests _undecided;
    private readonly AttachmentLimits _limits;
    private readonly SessionAuthentication _authentication;
    private long _nextNumber = 1;
    private bool _isProcessing;

    public Attachment(
        long id,
        ClientSession session,
        AttachmentOutput output,
        SubmitQueue submitQueue,
        UndecidedRequests undecided,
        SessionAuthentication authentication,
        AttachmentLimits limits)
    {
        Id = id;
        _session = session;
        _output = output;
        _submitQueue = submitQueue;
        _undecided = undecided;
        _authentication = authentication;
        _limits = limits;
        output.Closed += RefuseEarly;
    }

    public long Id { get; }

    public ClientSession Session => _session;

    public bool IsGone => _output.IsClosed;

    /// <summary>Takes a batch; completes with its replies.</summary>
    public Task<ReplyBatch> SubmitAsync(RequestBatch request)
    {
        _session.Touch();
        Task<ReplyBatch> replies;
        lock (_output.Lock)
        {
            if (IsGone)
                return Task.FromResult(ReplyBatch.Refused);

            _output.Acknowledge(request.AcknowledgedBatches, request.AcknowledgedEvents);
            if (Find(request) is not { } batch)
                return Task.FromResult(ReplyBatch.Refused);

            _output.Acknowledge(batch, request.RepliesReceived);
            replies = _output.ReadAsync(batch);
            if (_isProcessing || !_early.ContainsKey(_nextNumber))
                return replies;

            _isProcessing = true;
        }

        _ = ProcessAllAsync();
        return replies;
    }

    /// <summary>The client gave a sign of life, and said what it has.</summary>
    public RenewReply Renew(RenewRequest request, Func<long> watermark)
    {
        _session.Touch();
        lock (_output.Lock)
        {
            if (IsGone)
                return new RenewReply(true, 0, 0);

            // In this order: an event is written before its transaction can be seen, and nothing is sealed between the two here.
            var zxid = watermark();
            _output.Acknowledge(request.AcknowledgedBatches, request.AcknowledgedEvents);
            _output.Flush();
            return new RenewReply(false, zxid, _output.LastEvent);
        }
    }

    /// <summary>The events that the client does not have; null when the attachment is gone.</summary>
    public IReadOnlyList<SessionEvents>? ReadEvents(RenewRequest request)
    {
        _session.Touch();
        lock (_output.Lock)
        {
            if (IsGone)
                return null;

            _output.Acknowledge(request.AcknowledgedBatches, request.AcknowledgedEvents);
            return _output.ReadEvents();
        }
    }

    /// <summary>Processes a request of the service's own ahead of the client's; completes when it is answered.</summary>
    public async Task ProcessFirstAsync(OpCode operation, byte[] body)
    {
        var frame = new byte[Frames.LengthPrefixBytes + RequestHeader.WireSize + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - Frames.LengthPrefixBytes);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(Frames.LengthPrefixBytes + sizeof(int)), (int)operation);
        body.CopyTo(frame.AsSpan(Frames.LengthPrefixBytes + RequestHeader.WireSize));
        _nextNumber = 0;
        await SubmitAsync(new RequestBatch { Attachment = Id, Number = 0, Count = 1, Frames = frame });
    }

    /// <summary>The batch that this is, new or sent again; null when no client that keeps to the rules sends it.</summary>
    private SubmittedBatch? Find(RequestBatch request)
    {
        if (_output.Find(request.Number) is { } known)
            return known;
        if (_early.TryGetValue(request.Number, out var early))
            return early;
        if (request.Number < _nextNumber || request.Number >= _nextNumber + Window || request.Frames.IsEmpty)
            return null;

        var batch = new SubmittedBatch(request);
        _early.Add(request.Number, batch);
        return batch;
    }

    /// <summary>Nothing more is processed: a call that never ended would keep the session's grain from going.</summary>
    private void RefuseEarly()
    {
        foreach (var batch in _early.Values)
            batch.Abandon();
        _early.Clear();
    }

    private async Task ProcessAllAsync()
    {
        try
        {
            while (Next() is { } batch)
                await ProcessAsync(batch).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _output.Abort($"its requests could not be processed ({exception.Message})");
        }
    }

    private SubmittedBatch? Next()
    {
        lock (_output.Lock)
        {
            if (IsGone || !_early.Remove(_nextNumber, out var batch))
            {
                _isProcessing = false;
                return null;
            }

            _nextNumber++;
            _output.Add(batch);
            return batch;
        }
    }

    private async Task ProcessAsync(SubmittedBatch batch)
    {
        for (var progress = ProcessSome(batch); progress != Progress.Done; progress = ProcessSome(batch))
        {
            if (progress == Progress.Overloaded)
                await WaitForRoomAsync().ConfigureAwait(false);
            else if (progress == Progress.NeedsTurn)
                await AuthenticateAsync(batch).ConfigureAwait(false);
            else
                await Task.Yield();
        }
    }

    /// <summary>Processes what can be processed at once.</summary>
    private Progress ProcessSome(SubmittedBatch batch)
    {
        var progress = Progress.Done;
        var spin = new SpinWait();
        do
        {
            bool hasPending;
            lock (_output.Lock)
            {
                while (!IsGone && batch.Processed < batch.Request.Count && (progress = Process(batch)) == Progress.Done)
                {
                }

                _output.Flush();
                hasPending = _session.PendingCount > 0;
            }

            // Not under the lock, and not on a grain's thread: the sequencer may have to wait until the replica has delivered to this session.
            if (hasPending)
                _submitQueue.SubmitSoon();
            if (progress == Progress.Unsettled)
                spin.SpinOnce(sleep1Threshold: -1);
        }
        while (progress == Progress.Unsettled && spin.Count < MostSpins);

        return IsGone ? Progress.Done : progress;
    }

    private Progress Process(SubmittedBatch batch)
    {
        if (IsOverloaded())
            return Progress.Overloaded;

        var frame = NextFrame(batch);
        var xid = BinaryPrimitives.ReadInt32BigEndian(frame) & int.MaxValue;
        var operation = (OpCode)BinaryPrimitives.ReadInt32BigEndian(frame[sizeof(int)..]);
        if (operation == OpCode.Auth)
            return Progress.NeedsTurn;
        if (!_session.TryProcess(operation, xid, frame[RequestHeader.WireSize..]))
            return Progress.Unsettled;

        Processed(batch, frame.Length);
        return Progress.Done;
    }

    /// <summary>Whoever the client is from now on, it was not before: earlier requests are answered first.</summary>
    private async Task AuthenticateAsync(SubmittedBatch batch)
    {
        await _session.WaitForRoomAsync(below: 1).ConfigureAwait(false);
        lock (_output.Lock)
        {
            if (IsGone)
                return;

            var frame = NextFrame(batch);
            var xid = BinaryPrimitives.ReadInt32BigEndian(frame) & int.MaxValue;
            var isAccepted = _authentication.TryAuthenticate(_session, frame[RequestHeader.WireSize..]);
            ReplyWriter.WriteHeader(_output, xid, 0, isAccepted ? ErrorCode.Ok : ErrorCode.AuthFailed);
            Processed(batch, frame.Length);
            _output.Flush();
        }
    }

    private ReadOnlySpan<byte> NextFrame(SubmittedBatch batch)
    {
        var rest = batch.Request.Frames.Span[batch.Position..];
        var length = rest.Length < Frames.LengthPrefixBytes ? -1 : BinaryPrimitives.ReadInt32BigEndian(rest);
        return length >= RequestHeader.WireSize && length <= Math.Min(_limits.MaxRequestBytes, rest.Length - Frames.LengthPrefixBytes)
            ? rest.Slice(Frames.LengthPrefixBytes, length)
            : throw new InvalidDataException($"request {batch.Processed} of batch {batch.Request.Number} says that it has {length} bytes");
    }

    private static void Processed(SubmittedBatch batch, int frameLength)
    {
        batch.Processed++;
        batch.Position += Frames.LengthPrefixBytes + frameLength;
    }

    private bool IsOverloaded() =>
        _output.IsFull
        || _session.PendingCount >= _limits.MaxOutstandingRequests
        || (_session.PendingCount > 0 && _undecided.Count >= _limits.MaxOutstandingRequestsOfAll);

    private async Task WaitForRoomAsync()
    {
        await _output.WaitForRoomAsync().ConfigureAwait(false);
        await _session.WaitForRoomAsync(_limits.MaxOutstandingRequests).ConfigureAwait(false);
        if (_undecided.Count >= _limits.MaxOutstandingRequestsOfAll)
            await Task.Delay(AttachmentLimits.PauseWhenOverloaded).ConfigureAwait(false);
    }

    private enum Progress
    {
        /// <summary>Everything is processed.</summary>
        Done,

        /// <summary>The next request has to be tried again: a transaction is just being applied.</summary>
        Unsettled,

        /// <summary>The next request waits until all before are answered.</summary>
        NeedsTurn,

        /// <summary>Too much waits.</summary>
        Overloaded,
    }
}
