using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Transactions;

namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>
/// Sets a znode's data if it has a certain version, and finds out whether it did when the answer was lost. With receipts it always finds
/// out. Without them the znode must tell: at the expected version nothing has happened yet, and trying again is safe; at the next version,
/// with other data, somebody else's write came first, so that ours never will. All else leaves it open, and is thrown as unknown rather
/// than guessed.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="path">The znode.</param>
/// <param name="receipts">Where the outcome is kept; null for nowhere.</param>
/// <param name="time">The clock.</param>
internal sealed class ConditionalWrite(IKeeperClient client, string path, ReceiptBook? receipts, TimeProvider time)
{
    /// <summary>Sets the data if the znode has this version.</summary>
    /// <returns>Whether it did: false for another version.</returns>
    /// <exception cref="NoNodeException">There is no such znode.</exception>
    /// <exception cref="KeeperException"><see cref="OperationOutcome.Unknown"/>: it cannot be found out.</exception>
    public Task<WriteResult> TrySetAsync(ReadOnlyMemory<byte> data, int version, CancellationToken cancellationToken) =>
        receipts is null
            ? TrySetPlainlyAsync(data, version, cancellationToken)
            : TrySetWithReceiptAsync(receipts, data, version, cancellationToken);

    private async Task<WriteResult> TrySetWithReceiptAsync(
        ReceiptBook book, ReadOnlyMemory<byte> data, int version, CancellationToken cancellationToken)
    {
        try
        {
            var zxid = await book.CommitAsync([new TransactionOperation.SetData(path, data, version)], cancellationToken)
                .ConfigureAwait(false);
            return new WriteResult(Happened: true, zxid);
        }
        catch (TransactionFailedException exception) when (exception.InnerException is BadVersionException)
        {
            return default;
        }
        catch (TransactionFailedException exception) when (exception.InnerException is NoNodeException)
        {
            throw new NoNodeException(path);
        }
    }

    private async Task<WriteResult> TrySetPlainlyAsync(ReadOnlyMemory<byte> data, int version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new UnansweredWrite(client, time);
        while (true)
        {
            try
            {
                // Not to be cancelled on its way: the outcome would be unknown.
                var stat = await client.SetDataAsync(path, data, version, CancellationToken.None).ConfigureAwait(false);
                return new WriteResult(Happened: true, stat.Mzxid);
            }
            catch (BadVersionException)
            {
                if (write.MayHaveHappened && !await IsOverwrittenAsync(data, version, cancellationToken).ConfigureAwait(false))
                    write.ThrowUnknown();
                return default;
            }
            catch (NoNodeException)
            {
                write.ThrowUnknown();
                throw;
            }
            catch (KeeperException exception) when (exception.IsPassing())
            {
                await write.WaitForNextAttemptAsync(exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Whether somebody else's write came first, for certain.
    private async Task<bool> IsOverwrittenAsync(ReadOnlyMemory<byte> data, int version, CancellationToken cancellationToken)
    {
        try
        {
            var found = await client.UntilAnsweredAsync(() => client.FindAsync(path, cancellationToken), time, cancellationToken)
                .ConfigureAwait(false);
            return found is { } content && content.Stat.Version == version + 1 && !content.Data.Span.SequenceEqual(data.Span);
        }
        catch (Exception exception) when (exception is OperationCanceledException or KeeperException)
        {
            return false;
        }
    }
}
