using Orleans.GrainDirectory;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Clustering;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// The sequencer of a silo: once it has claimed an epoch it gives every write of the service its zxid. Local to its silo and made where
/// it is called, since who may order is decided by the ledger and not by the grain directory (rule R3). The order itself is made by
/// <see cref="TransactionOrderer"/>, which the silo's own <see cref="SubmitQueue"/> reaches without a message; other silos come through here.
/// </summary>
[Orleans.Concurrency.StatelessWorker(1), GrainDirectory(LocalGrainDirectory.Name)]
[KeepAlive]
internal sealed class SequencerGrain(Sequencer sequencer, TransactionOrderer orderer) : Grain, ISequencerGrain
{
    public Task<bool> Begin(int expectedEpoch) => sequencer.TryBeginAsync(expectedEpoch, CancellationToken.None);

    public Task<bool> Submit(int epoch, Submission submission) => Task.FromResult(orderer.Order(epoch, submission.Submitter, submission.Requests));
}
