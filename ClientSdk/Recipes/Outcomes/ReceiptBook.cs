using System.Collections.Concurrent;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>
/// Transactions that happen exactly once, also when the answer is lost and when the session expires. Each one raises the version of a
/// receipt, a znode of this book's own, from a version that it expects: tried again, it is refused at the receipt if it has happened
/// before. A receipt serves one transaction after the other; one that nobody uses any more goes by its time to live.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="folder">The znode below which the receipts are.</param>
/// <param name="time">The clock.</param>
internal sealed class ReceiptBook(IKeeperClient client, string folder, TimeProvider time)
{
    // Also the number of transactions that are under way at once.
    private const int MostReceipts = 64;

    private static readonly CreateOptions ReceiptOptions =
        new() { Mode = CreateMode.PersistentWithTtl, TimeToLive = TimeSpan.FromHours(1) };

    private readonly ConcurrentStack<Receipt> _free = new();
    private readonly SemaphoreSlim _places = new(MostReceipts);

    /// <summary>Does all of the operations or none.</summary>
    /// <returns>The zxid of the transaction.</returns>
    /// <exception cref="TransactionFailedException">One of them cannot be done.</exception>
    /// <exception cref="KeeperException">
    /// <see cref="OperationOutcome.Unknown"/>: it was cancelled, or the receipt ran out, before the outcome could be found out.
    /// </exception>
    public async Task<long> CommitAsync(IReadOnlyList<TransactionOperation> operations, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await CommitWithReceiptAsync(operations, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<long> CommitWithReceiptAsync(IReadOnlyList<TransactionOperation> operations, CancellationToken cancellationToken)
    {
        if (!_free.TryPop(out var receipt))
            receipt = await CreateReceiptAsync(cancellationToken).ConfigureAwait(false);
        var write = new UnansweredWrite(client, time);
        while (true)
        {
            try
            {
                // Not to be cancelled on its way: the outcome would be unknown.
                var results = await client.CommitAsync(
                    [new TransactionOperation.SetData(receipt.Path, ReadOnlyMemory<byte>.Empty, receipt.Version), .. operations],
                    CancellationToken.None).ConfigureAwait(false);
                _free.Push(receipt with { Version = receipt.Version + 1 });
                return results[0].Stat!.Value.Mzxid;
            }
            catch (TransactionFailedException exception)
                when (exception is { Index: 0, InnerException: BadVersionException } && write.MayHaveHappened)
            {
                return await ReadZxidAsync(receipt, write).ConfigureAwait(false);
            }
            catch (TransactionFailedException exception)
                when (exception is { Index: 0, InnerException: NoNodeException or BadVersionException })
            {
                write.ThrowUnknown();
                receipt = await CreateReceiptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (TransactionFailedException exception) when (exception is { Index: > 0, InnerException: KeeperException cause })
            {
                _free.Push(receipt);
                throw new TransactionFailedException(exception.Index - 1, exception.Operation, cause);
            }
            catch (KeeperException exception) when (exception.IsPassing())
            {
                await write.WaitForNextAttemptAsync(exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // The transaction happened; it is the last one that changed the receipt.
    private async Task<long> ReadZxidAsync(Receipt receipt, UnansweredWrite write)
    {
        Stat? found = null;
        try
        {
            found = await client.UntilAnsweredAsync(() => client.ExistsAsync(receipt.Path), time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ClientClosedException)
        {
        }

        if (found is not { } stat)
            write.ThrowUnknown();
        else
            _free.Push(receipt with { Version = stat.Version });
        return found?.Mzxid ?? 0;
    }

    private async Task<Receipt> CreateReceiptAsync(CancellationToken cancellationToken)
    {
        var path = ZNodePath.Append(folder, Guid.NewGuid().ToString("N"));
        await client.UntilAnsweredAsync(() => CreateAsync(path, cancellationToken), time, cancellationToken).ConfigureAwait(false);
        return new Receipt(path, Version: 0);
    }

    private async Task CreateAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateAsync(path, ReadOnlyMemory<byte>.Empty, ReceiptOptions, cancellationToken).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            await client.EnsurePathAsync(folder, cancellationToken).ConfigureAwait(false);
            await CreateAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
            // Nobody else has this name: an earlier attempt of ours has happened.
        }
    }
}
