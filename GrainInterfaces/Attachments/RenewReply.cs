namespace OrleansKeeper.GrainInterfaces.Attachments;

/// <summary>What a client is told that gives a sign of life.</summary>
/// <param name="IsGone">The attachment is gone: the client has to attach again.</param>
/// <param name="Zxid">The silo has seen the transactions up to this one.</param>
/// <param name="Events">How many events there are of them; the client may still miss some.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.RenewReply")]
public readonly record struct RenewReply(
    [property: Id(0)] bool IsGone,
    [property: Id(1)] long Zxid,
    [property: Id(2)] long Events);
