using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// Takes, completes and returns items: one transaction each. All of them check the consumer's registration, an ephemeral znode of the
/// session that took the item: while it is there so is the session's lock, and once the session has expired nothing that was taken in it
/// can be removed or returned, whichever session the client has by then. A transaction whose answer was lost is done again until its
/// outcome is known: the znodes tell.
/// </summary>
internal sealed class ItemTransactions(IKeeperClient client, QueuePaths paths, QueueConsumer consumer, QueueOptions options)
{
    private const int RegistrationCheck = 0;
    private const int EntryStep = 1;

    private readonly CreateOptions _lockOptions = new() { Mode = CreateMode.Ephemeral, Acl = options.Acl };

    /// <summary>Locks an item.</summary>
    /// <returns>The lock; null when somebody else has the item, or it is gone.</returns>
    public async Task<TakenLock?> TryTakeAsync(string name)
    {
        var write = new UnansweredWrite(client, options.TimeProvider);
        while (true)
        {
            var registration = await consumer.RegisterAsync().ConfigureAwait(false);
            try
            {
                return await TakeAsync(name, registration).ConfigureAwait(false);
            }
            catch (TransactionFailedException exception) when (exception is { Index: RegistrationCheck, InnerException: NoNodeException })
            {
                consumer.Forget(registration);
            }
            catch (TransactionFailedException exception) when (exception is { Index: EntryStep, InnerException: NoNodeException })
            {
                return null;
            }
            catch (TransactionFailedException exception) when (exception.InnerException is NoNodeException)
            {
                await client.UntilAnsweredAsync(() => client.EnsurePathAsync(paths.Taken), options.TimeProvider, CancellationToken.None)
                    .ConfigureAwait(false);
            }
            catch (TransactionFailedException exception) when (exception.InnerException is NodeExistsException)
            {
                return write.MayHaveHappened ? await FindOwnAsync(name, registration).ConfigureAwait(false) : null;
            }
            catch (KeeperException exception) when (exception.IsPassing())
            {
                await write.WaitForNextAttemptAsync(exception, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes an item and its lock.</summary>
    /// <returns>Whether it did: false when the lock is gone, so that somebody else may have the item.</returns>
    /// <exception cref="KeeperException">
    /// <see cref="OperationOutcome.Unknown"/>: it was cancelled, or the session expired, before the outcome was known.
    /// </exception>
    public async Task<bool> TryCompleteAsync(TakenLock taken, CancellationToken cancellationToken)
    {
        var write = new UnansweredWrite(client, options.TimeProvider);
        while (true)
        {
            try
            {
                await client.CommitAsync(
                    [
                        new TransactionOperation.Check(taken.Registration.Path),
                        new TransactionOperation.Delete(paths.EntryOf(taken.Name)),
                        new TransactionOperation.Delete(paths.LockOf(taken.Name)),
                    ],
                    CancellationToken.None).ConfigureAwait(false);
                return true;
            }
            catch (TransactionFailedException exception) when (exception is { Index: EntryStep, InnerException: NoNodeException })
            {
                // Nobody else could remove it while the lock was ours.
                return write.MayHaveHappened;
            }
            catch (TransactionFailedException exception) when (exception.InnerException is NoNodeException)
            {
                if (exception.Index == RegistrationCheck && !await IsThereAsync(taken.Name, cancellationToken).ConfigureAwait(false))
                    write.ThrowUnknown();
                return false;
            }
            catch (KeeperException exception) when (exception.IsPassing())
            {
                await write.WaitForNextAttemptAsync(exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes an item's lock, unless it is gone.</summary>
    public async Task ReturnAsync(TakenLock taken)
    {
        try
        {
            await client.CommitAsync(
                [new TransactionOperation.Check(taken.Registration.Path), new TransactionOperation.Delete(paths.LockOf(taken.Name))],
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (TransactionFailedException exception) when (exception.InnerException is NoNodeException)
        {
        }
    }

    private async Task<TakenLock?> TakeAsync(string name, QueueRegistration registration)
    {
        var commit = client.CommitAsync(
            [
                new TransactionOperation.Check(registration.Path),
                new TransactionOperation.Check(paths.EntryOf(name)),
                new TransactionOperation.Create(paths.LockOf(name), registration.Id, _lockOptions),
            ],
            CancellationToken.None);

        // Right behind it, without waiting: they are answered after the transaction.
        var (entry, itemLock) = (client.FindAsync(paths.EntryOf(name)), client.FindAsync(paths.LockOf(name)));
        await Task.WhenAll(commit, entry, itemLock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await commit.ConfigureAwait(false);
        return await DescribeAsync(name, registration, entry, itemLock).ConfigureAwait(false);
    }

    private Task<TakenLock?> FindOwnAsync(string name, QueueRegistration registration) =>
        DescribeAsync(name, registration, client.FindAsync(paths.EntryOf(name)), client.FindAsync(paths.LockOf(name)));

    // The item with the lock that this consumer has in the session of now; null if it has none.
    private async Task<TakenLock?> DescribeAsync(
        string name, QueueRegistration registration, Task<ZNodeContent?> readEntry, Task<ZNodeContent?> readLock)
    {
        var foundLock = await UntilAnsweredAsync(readLock, paths.LockOf(name)).ConfigureAwait(false);
        var foundEntry = await UntilAnsweredAsync(readEntry, paths.EntryOf(name)).ConfigureAwait(false);
        var session = client.Session;
        return foundLock is { } itemLock
            && foundEntry is { } entry
            && itemLock.Data.Span.SequenceEqual(registration.Id.Span)
            && itemLock.Stat.EphemeralOwner == session.Id
                ? new TakenLock(name, entry.Data, itemLock.Stat.Czxid, registration, session.Lost)
                : null;
    }

    private Task<ZNodeContent?> UntilAnsweredAsync(Task<ZNodeContent?> read, string path) => client.UntilAnsweredAsync(
        () => read.IsFaulted ? client.FindAsync(path) : read, options.TimeProvider, CancellationToken.None);

    private async Task<bool> IsThereAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await client.UntilAnsweredAsync(
                () => client.ExistsAsync(paths.EntryOf(name), cancellationToken), options.TimeProvider, cancellationToken)
                    .ConfigureAwait(false) is not null;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ClientClosedException)
        {
            return false;
        }
    }
}
