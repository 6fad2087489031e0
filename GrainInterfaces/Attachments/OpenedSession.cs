namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>A session that was opened.</summary>
/// <param name="SessionId">Its id; 0 when none could be opened.</param>
/// <param name="Password">What to attach to it with.</param>
/// <param name="Attached">The caller's attachment.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.OpenedSession")]
public sealed record OpenedSession(
    [property: Id(0)] long SessionId,
    [property: Id(1)] byte[] Password,
    [property: Id(2)] AttachReply Attached);
