using System.Buffers.Binary;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Requests;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>
/// The requests of all callers: those that wait, in order, and those that are on the way, in numbered batches. What waits while batches are on the way
/// goes with the next one. Used under the connection's lock.
/// </summary>
internal sealed class RequestQueue(TimeProvider time)
{
    private const int MostRequestsInBatch = 512;
    private const int MostBytesInBatch = 256 * 1024;

    private readonly LinkedList<KeeperRequest> _waiting = new();
    private readonly Queue<SentBatch> _sent = new();
    private long _lastNumber;

    public int WaitingCount => _waiting.Count;

    public int SentCount => _sent.Count;

    /// <summary>The batches up to this one are answered.</summary>
    public long Acknowledged { get; private set; }

    public IEnumerable<SentBatch> Sent => _sent;

    public void Add(KeeperRequest request)
    {
        request.QueuedAt = time.GetTimestamp();
        _waiting.AddLast(request);
    }

    /// <summary>Makes a batch of what waits; null when nothing does.</summary>
    public SentBatch? Take(long attachment, int maxRequestBytes)
    {
        var requests = new List<KeeperRequest>();
        var bytes = 0;
        while (_waiting.First is { Value: var request } && requests.Count < MostRequestsInBatch)
        {
            if (IsToBeSent(request, maxRequestBytes))
            {
                if (requests.Count > 0 && bytes + request.FrameSize > MostBytesInBatch)
                    break;

                requests.Add(request);
                bytes += request.FrameSize;
            }

            _waiting.RemoveFirst();
        }

        if (requests.Count == 0)
            return null;

        var batch = new SentBatch(attachment, ++_lastNumber, [.. requests], Encode(requests, bytes));
        _sent.Enqueue(batch);
        return batch;
    }

    /// <summary>
    /// Answers callers in the order in which they asked, as far as the replies are here and the events before them were shown (rule R6).
    /// </summary>
    /// <param name="eventsShown">The number of the last event that was shown.</param>
    /// <param name="answered">Called with the zxid of each reply.</param>
    /// <returns>The number of the event that the next reply waits for; 0 when it waits for none.</returns>
    public long Complete(long eventsShown, Action<long> answered)
    {
        while (_sent.TryPeek(out var batch))
        {
            while (batch.Peek() is { } replies)
            {
                if (replies.EventsBefore > eventsShown)
                    return replies.EventsBefore;

                Complete(batch, replies, answered);
                batch.Take();
            }

            if (!batch.IsReceived)
                break;

            Acknowledged = batch.Number;
            _sent.Dequeue();
        }

        return 0;
    }

    /// <summary>
    /// Another attachment is there, or none will be: what the service refused, or can be repeated, waits again, in front; of the rest nobody knows.
    /// </summary>
    /// <param name="unknown">What to tell the callers of those.</param>
    public void Settle(Func<KeeperRequest, KeeperException> unknown)
    {
        var repeated = new List<KeeperRequest>();
        foreach (var batch in _sent)
        {
            foreach (var request in batch.Requests.Skip(batch.Completed).Where(request => !request.IsCompleted))
            {
                if (batch.IsRefused || request.IsRepeatable)
                    repeated.Add(request);
                else
                    request.Fail(unknown(request));
            }
        }

        _sent.Clear();
        _lastNumber = 0;
        Acknowledged = 0;
        repeated.Reverse();
        foreach (var request in repeated)
            _waiting.AddFirst(request);
    }

    /// <summary>Fails what is in the queue for longer than this, and what is on the way for longer.</summary>
    public void FailOlderThan(TimeSpan age)
    {
        Fail(IsOld, request => new ConnectionLostException(request.Path, OperationOutcome.DidNotHappen));
        foreach (var request in _sent.SelectMany(batch => batch.Requests.Skip(batch.Completed)).Where(IsOld))
        {
            var outcome = request.IsRepeatable ? OperationOutcome.DidNotHappen : OperationOutcome.Unknown;
            request.Fail(new ConnectionLostException(request.Path, outcome));
        }

        bool IsOld(KeeperRequest request) => time.GetElapsedTime(request.QueuedAt) >= age;
    }

    /// <summary>Fails those that wait and are of this kind.</summary>
    public void Fail(Func<KeeperRequest, bool> isOfKind, Func<KeeperRequest, KeeperException> reason)
    {
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.IsCompleted || isOfKind(node.Value))
            {
                node.Value.Fail(reason(node.Value));
                _waiting.Remove(node);
            }

            node = next;
        }
    }

    private static bool IsToBeSent(KeeperRequest request, int maxRequestBytes)
    {
        if (request.IsCompleted)
        {
            // Its caller has given up.
            request.Watch?.Abandon();
            return false;
        }

        var size = request.FrameSize - Frames.LengthPrefixBytes;
        if (size <= maxRequestBytes)
            return true;

        request.Fail(new KeeperException(
            ErrorCode.BadArguments, request.Path, $"The request has {size} bytes, and the service takes {maxRequestBytes} (Keeper:MaxRequestBytes)."));
        return false;
    }

    private static byte[] Encode(List<KeeperRequest> requests, int bytes)
    {
        var frames = GC.AllocateUninitializedArray<byte>(bytes);
        var position = 0;
        for (var i = 0; i < requests.Count; i++)
            position += requests[i].WriteFrame(frames.AsSpan(position), xid: i + 1);
        return frames;
    }

    private static void Complete(SentBatch batch, ReplyBatch replies, Action<long> answered)
    {
        var rest = replies.Frames.Span;
        for (var i = 0; i < replies.Count; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            var frame = rest.Slice(Frames.LengthPrefixBytes, length);
            rest = rest[(Frames.LengthPrefixBytes + length)..];
            var reader = new JuteReader(frame);
            var header = ReplyHeader.Read(ref reader);
            answered(header.Zxid);
            batch.Requests[batch.Completed++].Complete(header, frame[ReplyHeader.WireSize..]);
        }
    }
}
