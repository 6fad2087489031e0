namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>Requests of one client, in order.</summary>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.RequestBatch")]
public sealed record RequestBatch
{
    /// <summary>The attachment.</summary>
    [Id(0)]
    public required long Attachment { get; init; }

    /// <summary>The batch's number; the first of an attachment is 1, and they rise by one.</summary>
    [Id(1)]
    public required long Number { get; init; }

    /// <summary>Number of requests.</summary>
    [Id(2)]
    public required int Count { get; init; }

    /// <summary>The requests, as ZooKeeper's frames. Not to be changed.</summary>
    [Id(3)]
    public ReadOnlyMemory<byte> Frames { get; init; }

    /// <summary>How many replies of this batch the client has, when it asks again for the rest.</summary>
    [Id(4)]
    public int RepliesReceived { get; init; }

    /// <summary>The client has all replies of the batches up to this one.</summary>
    [Id(5)]
    public long AcknowledgedBatches { get; init; }

    /// <summary>The client has all events up to this one.</summary>
    [Id(6)]
    public long AcknowledgedEvents { get; init; }
}
