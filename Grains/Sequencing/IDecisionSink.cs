using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Where the sequencer's decisions go: the replica of its silo, in order.</summary>
internal interface IDecisionSink
{
    /// <summary>A batch is durable. The sink gives it back with <see cref="LogAppender.Recycle"/> when it has no more use for it.</summary>
    void Committed(OrderedBatch batch);

    /// <summary>Requests that could not be appended: they did not happen.</summary>
    void Rejected(IReadOnlyList<RequestOrigin> requests, ErrorCode error);
}
