using OrleansKeeper.Grains.Storage;

namespace OrleansKeeper.Tests.PlantedBugs;

/// <summary>A log that does as the real one, except where a bug overrides that.</summary>
internal abstract class FaultyTransactionLog(ITransactionLog log) : ITransactionLog
{
    public ValueTask<Ledger> ReadLedgerAsync(CancellationToken cancellationToken = default) => log.ReadLedgerAsync(cancellationToken);

    public ValueTask<bool> TryClaimEpochAsync(int expectedEpoch, string holder, CancellationToken cancellationToken = default) =>
        log.TryClaimEpochAsync(expectedEpoch, holder, cancellationToken);

    public ValueTask<bool> PrepareToClaimAsync(CancellationToken cancellationToken = default) => log.PrepareToClaimAsync(cancellationToken);

    public virtual ValueTask<long> ReadLastZxidAsync(CancellationToken cancellationToken = default) =>
        log.ReadLastZxidAsync(cancellationToken);

    public virtual AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure) =>
        log.Append(epoch, previousZxid, batch, out failure);

    public IAsyncEnumerable<LogBatch> ReadAfterAsync(long zxid, CancellationToken cancellationToken = default) =>
        log.ReadAfterAsync(zxid, cancellationToken);

    public ValueTask<long> ReadLastBeforeAsync(int epoch, CancellationToken cancellationToken = default) =>
        log.ReadLastBeforeAsync(epoch, cancellationToken);

    public ValueTask TrimAsync(long zxid, CancellationToken cancellationToken = default) => log.TrimAsync(zxid, cancellationToken);
}
