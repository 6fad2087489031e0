using System.Buffers;
using OrleansKeeper.GrainInterfaces.Attachments;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>
/// A batch of requests from its arrival until the client has all its replies: they are kept, so that a batch whose answer was lost on the way can
/// be sent again. Used under the attachment's lock.
/// </summary>
internal sealed class SubmittedBatch(RequestBatch request)
{
    private readonly ArrayBufferWriter<byte> _replies = new();
    private readonly List<int> _ends = [];
    private TaskCompletionSource<ReplyBatch>? _waiting;
    private int _acknowledged;

    public RequestBatch Request { get; } = request;

    /// <summary>How many of its requests the session has taken.</summary>
    public int Processed { get; set; }

    /// <summary>Where the next request begins in the frames.</summary>
    public int Position { get; set; }

    public bool IsAnswered => _ends.Count == Request.Count;

    /// <summary>Bytes of replies that the client does not have yet, as far as it has said.</summary>
    public int RetainedBytes => _replies.WrittenCount - EndOf(_acknowledged);

    private bool HasNews => _ends.Count > _acknowledged;

    /// <summary>Makes place for a reply.</summary>
    public Memory<byte> GetMemory(int sizeHint) => _replies.GetMemory(sizeHint);

    /// <summary>The reply that was written is whole.</summary>
    public void AddReply(int length)
    {
        _replies.Advance(length);
        _ends.Add(_replies.WrittenCount);
    }

    /// <summary>The client has so many replies.</summary>
    public void Acknowledge(int replies) => _acknowledged = Math.Clamp(replies, _acknowledged, _ends.Count);

    /// <summary>Completes with all replies that the client does not have; with some of them when the rest has no room before.</summary>
    public Task<ReplyBatch> ReadAsync(long eventsBefore, bool isFull)
    {
        if (IsAnswered || (isFull && HasNews))
            return Task.FromResult(Take(eventsBefore));

        _waiting ??= new TaskCompletionSource<ReplyBatch>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Task;
    }

    /// <summary>Hands out the replies to whoever waits for them, if they are all there, or there is no room for the rest.</summary>
    public void Release(long eventsBefore, bool isRestHeldUp)
    {
        if (_waiting is { } waiting && (IsAnswered || isRestHeldUp))
        {
            _waiting = null;
            waiting.SetResult(Take(eventsBefore));
        }
    }

    /// <summary>The attachment is gone: there will be no more replies.</summary>
    public void Abandon()
    {
        _waiting?.SetResult(Processed == 0 ? ReplyBatch.Refused : ReplyBatch.Abandoned);
        _waiting = null;
    }

    private ReplyBatch Take(long eventsBefore) => new()
    {
        First = _acknowledged,
        Count = _ends.Count - _acknowledged,
        Frames = _replies.WrittenMemory[EndOf(_acknowledged)..],
        EventsBefore = eventsBefore,
    };

    private int EndOf(int replies) => replies == 0 ? 0 : _ends[replies - 1];
}
