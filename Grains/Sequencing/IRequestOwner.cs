using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Whoever submitted a request and waits for its decision.</summary>
internal interface IRequestOwner
{
    /// <summary>
    /// Nobody waits for the decision any more: the client was told that its connection is lost, so the request is not submitted once more
    /// after a sequencer's death, when the client may have gone on elsewhere.
    /// </summary>
    bool IsGone { get; }

    /// <summary>
    /// The request is decided, and the replica shows what it did. Called on the replica's thread, in the order of the transactions.
    /// </summary>
    void Decided(PendingRequest request, DeliveryRound round);

    /// <summary>Nobody waited for the request when it was to be submitted to another sequencer: it never happens.</summary>
    void GivenUp(PendingRequest request);
}
