using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OrleansKeeper.GrainInterfaces.Events;

/// <summary>How the events of a session travel on its stream: everything that waits for the client goes in one message.</summary>
/// <param name="StreamId">The session's stream.</param>
/// <param name="Events">The events, in order.</param>
/// <param name="Number">The message's number in its queue.</param>
[GenerateSerializer, Immutable, Alias("OrleansKeeper.SessionEventContainer")]
public sealed record SessionEventContainer(
    [property: Id(0)] StreamId StreamId,
    [property: Id(1)] IReadOnlyList<SessionEvents> Events,
    [property: Id(2)] long Number) : IBatchContainer
{
    /// <inheritdoc/>
    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(Number);

    /// <inheritdoc/>
    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        var token = SequenceToken;
        return Events.Select(events => Tuple.Create((T)(object)events, token));
    }

    /// <inheritdoc/>
    public bool ImportRequestContext() => false;
}
