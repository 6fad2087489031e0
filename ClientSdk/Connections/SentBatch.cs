using OrleansKeeper.ClientSdk.Requests;
using OrleansKeeper.GrainInterfaces.Attachments;

namespace OrleansKeeper.ClientSdk.Connections;

/// <summary>Requests that are on the way together, until all are answered. Used under the connection's lock.</summary>
internal sealed class SentBatch(long attachment, long number, KeeperRequest[] requests, byte[] frames)
{
    private readonly Queue<ReplyBatch> _replies = new();
    private int _received;

    public long Attachment { get; } = attachment;

    public long Number { get; } = number;

    public KeeperRequest[] Requests { get; } = requests;

    /// <summary>How many of them have been answered to their callers.</summary>
    public int Completed { get; set; }

    /// <summary>How many calls have carried it.</summary>
    public int Calls { get; set; }

    /// <summary>How many of them the service refused, without doing anything.</summary>
    public int RefusedCalls { get; set; }

    /// <summary>Whether nothing of it can have happened.</summary>
    public bool IsRefused => Calls == RefusedCalls;

    /// <summary>Whether all replies are here.</summary>
    public bool IsReceived => _received == Requests.Length;

    /// <summary>The message that carries it, with what the client has by now.</summary>
    public RequestBatch ToMessage(long acknowledgedBatches, long acknowledgedEvents) => new()
    {
        Attachment = Attachment,
        Number = Number,
        Count = Requests.Length,
        Frames = frames,
        RepliesReceived = _received,
        AcknowledgedBatches = acknowledgedBatches,
        AcknowledgedEvents = acknowledgedEvents,
    };

    /// <summary>Replies came; those that were here already are dropped.</summary>
    public void Add(ReplyBatch replies)
    {
        if (replies.First != _received || replies.Count == 0)
            return;

        _received += replies.Count;
        _replies.Enqueue(replies);
    }

    /// <summary>The next replies that were not taken.</summary>
    public ReplyBatch? Peek() => _replies.TryPeek(out var replies) ? replies : null;

    public void Take() => _replies.Dequeue();
}
