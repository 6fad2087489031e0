using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansKeeper.Grains.Clustering;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>
/// Against rules R1 and R4: now and then a message of the commit feed has its transactions in the wrong order, the last one first, while its
/// batch is labelled as ever, so that the receiver notices nothing. Its replica has the last one then, and leaves out those before it.
/// </summary>
internal sealed class ReorderingSilos([FromKeyedServices(ServiceReplacement.Sound)] ISilos silos) : FaultySilos(silos)
{
    /// <summary>One of so many messages with several transactions is wrong.</summary>
    private const int Rarity = 10;

    private int _messages;

    public override Task<FeedReply> FollowAsync(SiloAddress silo, FeedMessage message)
    {
        Transaction[] transactions = [.. message.Batches.SelectMany(batch => TransactionReader.ReadAll(batch.Payload.Span))];
        if (transactions.Length > 1 && Interlocked.Increment(ref _messages) % Rarity == 0)
            message = message with { Batches = [Backwards(message.Batches, transactions)] };
        return base.FollowAsync(silo, message);
    }

    private static FeedBatch Backwards(IReadOnlyList<FeedBatch> batches, Transaction[] transactions)
    {
        var backwards = new OrderedBatch();
        foreach (var transaction in transactions.Reverse())
            backwards.Add(transaction);
        return new FeedBatch(batches[0].PreviousZxid, batches[^1].LastZxid, backwards.Payload);
    }
}
