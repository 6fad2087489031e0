using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Where the sequencer's decisions go: the replica of its silo, in order.</summary>
internal interface IDecisionSink
{
    /// <summary>A batch is durable. The sink gives it back with <see cref="LogAppender.Recycle"/> when it has no more use for it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="hasTime">The sink may deliver on the caller's thread, the appender's.</param>
    void Committed(OrderedBatch batch, bool hasTime);

    /// <summary>
    /// Requests that could not be appended: they did not happen, except that with <see cref="ErrorCode.ConnectionLoss"/> nobody knows yet.
    /// </summary>
    void Rejected(IReadOnlyList<RequestOrigin> requests, ErrorCode error);
}
