using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Silos;

/// <summary>A log in which every epoch begins with so many transactions, all failed and in one batch, that few are left.</summary>
internal sealed class NearlyUsedUpLog(ITransactionLog log) : ITransactionLog
{
    public const uint Left = 300;

    public async ValueTask<bool> TryClaimEpochAsync(int expectedEpoch, string holder, CancellationToken cancellationToken = default)
    {
        var ledger = await log.ReadLedgerAsync(cancellationToken);
        if (!await log.TryClaimEpochAsync(expectedEpoch, holder, cancellationToken))
            return false;

        // Not when the counter has just been used up: that epoch is to be a long one.
        var epoch = expectedEpoch + 1;
        if (Zxid.CounterOf(ledger.LastZxid) == uint.MaxValue)
            return true;

        var last = Zxid.Of(epoch, uint.MaxValue - Left);
        var outcome = log.Append(epoch, ledger.LastZxid, new LogBatch(Zxid.Of(epoch, 1), last, Payload(last)), out _);
        Assert.Equal(AppendOutcome.Appended, outcome);
        return true;
    }

    public ValueTask<Ledger> ReadLedgerAsync(CancellationToken cancellationToken = default) => log.ReadLedgerAsync(cancellationToken);

    public ValueTask<bool> PrepareToClaimAsync(CancellationToken cancellationToken = default) => log.PrepareToClaimAsync(cancellationToken);

    public ValueTask<long> ReadLastZxidAsync(CancellationToken cancellationToken = default) => log.ReadLastZxidAsync(cancellationToken);

    public AppendOutcome Append(int epoch, long previousZxid, in LogBatch batch, out Exception? failure) =>
        log.Append(epoch, previousZxid, batch, out failure);

    public IAsyncEnumerable<LogBatch> ReadAfterAsync(long zxid, CancellationToken cancellationToken = default) =>
        log.ReadAfterAsync(zxid, cancellationToken);

    public ValueTask<long> ReadLastBeforeAsync(int epoch, CancellationToken cancellationToken = default) =>
        log.ReadLastBeforeAsync(epoch, cancellationToken);

    public ValueTask TrimAsync(long zxid, CancellationToken cancellationToken = default) => log.TrimAsync(zxid, cancellationToken);

    private static byte[] Payload(long zxid)
    {
        var writer = new TransactionWriter();
        writer.Write(new Transaction
        {
            Zxid = zxid,
            Time = 1,
            SessionId = 0,
            Origin = new RequestOrigin("test", 1),
            Operation = OpCode.Create,
            Error = ErrorCode.NoNode,
        });
        return writer.Payload.ToArray();
    }
}
