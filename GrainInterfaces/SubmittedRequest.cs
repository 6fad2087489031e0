using OrleansKeeper.Protocol;
using Identity = OrleansKeeper.Protocol.Id;

namespace OrleansKeeper.GrainInterfaces;

/// <summary>One write request.</summary>
/// <param name="Number">Its number at the submitting silo; numbers rise by one.</param>
/// <param name="SessionId">The session that asks; 0 for a request without a session.</param>
/// <param name="Operation">What is asked.</param>
/// <param name="Body">The request's record as ZooKeeper's protocol writes it, without the header.</param>
/// <param name="Identities">Who asks, by scheme and id.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.SubmittedRequest")]
public sealed record SubmittedRequest(
    [property: Id(0)] long Number,
    [property: Id(1)] long SessionId,
    [property: Id(2)] OpCode Operation,
    [property: Id(3)] ReadOnlyMemory<byte> Body,
    [property: Id(4)] IReadOnlyList<Identity> Identities);
