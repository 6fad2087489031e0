namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>What a client has.</summary>
/// <param name="Attachment">The attachment.</param>
/// <param name="AcknowledgedBatches">The client has all replies of the batches up to this one.</param>
/// <param name="AcknowledgedEvents">The client has all events up to this one.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.RenewRequest")]
public readonly record struct RenewRequest(
    [property: Id(0)] long Attachment,
    [property: Id(1)] long AcknowledgedBatches,
    [property: Id(2)] long AcknowledgedEvents);
