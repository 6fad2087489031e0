namespace OrleansKeeper.GrainInterfaces.Events;

/// <summary>Consecutive events of an attachment: what the session's stream carries.</summary>
/// <param name="Attachment">The attachment: numbers begin anew with each.</param>
/// <param name="First">Number of the first event; the first of an attachment is 1.</param>
/// <param name="Count">Number of events.</param>
/// <param name="Frames">The events, as ZooKeeper's frames. Not to be changed.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.SessionEvents")]
public sealed record SessionEvents(
    [property: Id(0)] long Attachment,
    [property: Id(1)] long First,
    [property: Id(2)] int Count,
    [property: Id(3)] ReadOnlyMemory<byte> Frames)
{
    /// <summary>Number of the last event.</summary>
    public long Last => First + Count - 1;
}
