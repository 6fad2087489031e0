using Microsoft.Extensions.DependencyInjection;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>A sync does not ask the ledger how far it is, so that it promises no more than what its own silo has seen.</summary>
internal sealed class UnaskedTransactionLog([FromKeyedServices(ServiceReplacement.Sound)] ITransactionLog log) : FaultyTransactionLog(log)
{
    public override ValueTask<long> ReadLastZxidAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(0L);
}
