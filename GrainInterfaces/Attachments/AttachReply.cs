using OrleansKeeper.GrainInterfaces.Events;

namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>What a client gets that asks to have its session carried.</summary>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.AttachReply")]
public sealed record AttachReply
{
    /// <summary>Whether it is; the rest holds only if so.</summary>
    [Id(0)]
    public required AttachOutcome Outcome { get; init; }

    /// <summary>Names the attachment in the calls that follow.</summary>
    [Id(1)]
    public long Attachment { get; init; }

    /// <summary>The session timeout that was negotiated, in milliseconds.</summary>
    [Id(2)]
    public int TimeoutMilliseconds { get; init; }

    /// <summary>As of which transaction the client goes on: it has the events of all before with <see cref="Events"/>.</summary>
    [Id(3)]
    public long Zxid { get; init; }

    /// <summary>
    /// The log does not reach back to what the client has seen. One-shot watches are as ZooKeeper would have them; persistent ones may have
    /// missed something.
    /// </summary>
    [Id(4)]
    public bool HasMissedEvents { get; init; }

    /// <summary>The events that the client missed, the first of the attachment.</summary>
    [Id(5)]
    public IReadOnlyList<SessionEvents> Events { get; init; } = [];

    /// <summary>The most batches that may be under way at a time.</summary>
    [Id(6)]
    public int Window { get; init; }

    /// <summary>The most bytes that a request may have.</summary>
    [Id(7)]
    public int MaxRequestBytes { get; init; }
}
