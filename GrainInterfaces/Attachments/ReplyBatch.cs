namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>Replies to a batch of requests.</summary>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.ReplyBatch")]
public sealed record ReplyBatch
{
    /// <summary>The attachment went while the batch was under way: what it asked for may have happened or not.</summary>
    public static ReplyBatch Abandoned { get; } = new() { IsGone = true };

    /// <summary>There is no such attachment any more: nothing was done on this call.</summary>
    public static ReplyBatch Refused { get; } = new() { IsGone = true, IsRefused = true };

    /// <summary>Whether the attachment is gone; then there are no replies here, and the client has to attach again.</summary>
    [Id(0)]
    public bool IsGone { get; init; }

    /// <summary>Whether nothing was done on this call; an earlier call with the same batch may have done something.</summary>
    [Id(5)]
    public bool IsRefused { get; init; }

    /// <summary>Which request of the batch the first of these replies answers.</summary>
    [Id(1)]
    public int First { get; init; }

    /// <summary>Number of replies.</summary>
    [Id(2)]
    public int Count { get; init; }

    /// <summary>The replies, as ZooKeeper's frames. Not to be changed.</summary>
    [Id(3)]
    public ReadOnlyMemory<byte> Frames { get; init; }

    /// <summary>
    /// How many events of the attachment precede these replies: a client that shows a reply before it has shown that many breaks rule R6.
    /// </summary>
    [Id(4)]
    public long EventsBefore { get; init; }
}
