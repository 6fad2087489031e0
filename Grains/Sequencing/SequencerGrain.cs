using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// The sequencer's address on its silo. One activation a silo, made where it is called: who may order is decided by the ledger and not
/// by the grain directory (rule R3), so the order itself lives in the silo's <see cref="TransactionOrderer"/>.
/// </summary>
[Orleans.Concurrency.StatelessWorker(1)]
[KeepAlive]
internal sealed class SequencerGrain(TransactionOrderer orderer) : Grain, ISequencerGrain
{
    public Task Submit(Submission submission)
    {
        orderer.Order(submission);
        return Task.CompletedTask;
    }
}
