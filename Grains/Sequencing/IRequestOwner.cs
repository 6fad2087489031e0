using OrleansKeeper.Grains.Watches;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>Whoever submitted a request and waits for its decision.</summary>
internal interface IRequestOwner
{
    /// <summary>
    /// The request is decided, and the replica shows what it did. Called on the replica's thread, in the order of the transactions.
    /// </summary>
    void Decided(PendingRequest request, DeliveryRound round);
}
