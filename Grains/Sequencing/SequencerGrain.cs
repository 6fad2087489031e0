using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Grains.Sequencing;

/// <summary>
/// The sequencer of a silo: claims an epoch, and from then on gives every write of the service its zxid. Local to its silo and made where
/// it is called, since who may order is decided by the ledger and not by the grain directory (rule R3). The order itself is made by
/// <see cref="TransactionOrderer"/>, which the silo's own <see cref="SubmitQueue"/> reaches without a message; others come through here.
/// </summary>
[Orleans.Concurrency.StatelessWorker(1)]
[KeepAlive]
internal sealed class SequencerGrain(
    ITransactionLog log, TransactionOrderer orderer, LogAppender appender, CommitFeed feed, Checkpointer checkpointer) : Grain, ISequencerGrain
{
    public async Task<int> Begin()
    {
        var ledger = await log.ReadLedgerAsync();
        var holder = $"{Environment.MachineName}:{Environment.ProcessId}";
        if (!await log.TryClaimEpochAsync(ledger.Epoch, holder))
            throw new InvalidOperationException($"Epoch {ledger.Epoch + 1} was claimed by somebody else while this silo was about to.");

        var epoch = ledger.Epoch + 1;
        feed.Start(appender.Recycle);
        appender.Start(epoch, ledger.LastZxid, holder);
        orderer.Begin(epoch);
        checkpointer.Begin(epoch);
        return epoch;
    }

    public Task Submit(Submission submission)
    {
        orderer.Order(submission);
        return Task.CompletedTask;
    }
}
