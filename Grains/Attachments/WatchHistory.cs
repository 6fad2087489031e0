using OrleansKeeper.Grains.Storage;
using OrleansKeeper.Grains.Transactions;

namespace OrleansKeeper.Grains.Attachments;

/// <summary>
/// Tells a client that was away what its watches missed, from the transaction log. This is more than ZooKeeper's setWatches can say, which sees only
/// that something is not as it was: here are all events, of persistent watches too, as if the client had never been away.
/// </summary>
internal sealed class WatchHistory(ITransactionLog log)
{
    /// <summary>Has the transactions behind one zxid up to another pass; false when the log does not reach back so far.</summary>
    public async Task<bool> TryReplayAsync(MissedEvents missed, long afterZxid, long upToZxid, CancellationToken cancellationToken)
    {
        if (afterZxid >= upToZxid)
            return true;

        try
        {
            await foreach (var batch in log.ReadAfterAsync(afterZxid, cancellationToken))
            {
                if (batch.FirstZxid > upToZxid || missed.AreTooMany)
                    break;

                Pass(batch, missed, afterZxid, upToZxid);
            }
        }
        catch (LogTrimmedException)
        {
            return false;
        }

        return !missed.AreTooMany;
    }

    private static void Pass(in LogBatch batch, MissedEvents missed, long afterZxid, long upToZxid)
    {
        var reader = new TransactionReader(batch.Payload.Span);
        while (reader.Read() is { } transaction && transaction.Zxid <= upToZxid)
        {
            if (transaction.Zxid > afterZxid)
                missed.Pass(transaction);
        }
    }
}
