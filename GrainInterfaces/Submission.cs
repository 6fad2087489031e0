namespace OrleansKeeper.GrainInterfaces;

/// <summary>All write requests that a silo collected while its submission before was on the way, or too many before them were undecided.</summary>
/// <param name="Submitter">The silo's name, for this life of it.</param>
/// <param name="Requests">The requests; those of one session in the order in which the session sent them.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.Submission")]
public sealed record Submission(
    [property: Id(0)] string Submitter,
    [property: Id(1)] IReadOnlyList<SubmittedRequest> Requests);
