using System.Runtime.CompilerServices;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Transactions;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Queues;

/// <summary>
/// What all queues have in common. Taking locks an item; only completing it removes it: nothing is lost when a consumer dies, and an item may then be worked on twice.
/// Putting happens exactly once, also when the answer is lost. The first take begins to follow the queue by one watch, until the object is disposed; from then on a take is one
/// round trip, however long the queue is. Items go in order; several consumers that take at once may get neighbours in either order. Safe to use from many threads.
/// </summary>
public abstract class ItemQueue : IAsyncDisposable
{
    private readonly QueuePaths _paths;
    private readonly ReceiptBook _receipts;
    private readonly CreateOptions _itemOptions;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task? _following;

    private protected ItemQueue(IKeeperClient client, string path, bool rankIsDueTime, QueueOptions? options)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (ZNodePath.Validate(path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(path));

        Client = client;
        Options = options ?? new QueueOptions();
        _paths = new QueuePaths(path);
        _itemOptions = new CreateOptions { Mode = CreateMode.PersistentSequential, Acl = Options.Acl };
        _receipts = new ReceiptBook(client, _paths.Puts, Options.TimeProvider);
        Listing = new QueueListing(_paths, rankIsDueTime, Options.TimeProvider);
        Consumer = new QueueConsumer(client, _paths, Options);
        Transactions = new ItemTransactions(client, _paths, Consumer, Options);
    }

    /// <summary>The queue's znode.</summary>
    public string Path => _paths.Root;

    internal IKeeperClient Client { get; }

    internal QueueOptions Options { get; }

    internal QueueListing Listing { get; }

    internal QueueConsumer Consumer { get; }

    internal ItemTransactions Transactions { get; }

    /// <summary>Waits for an item and locks it for this consumer: <c>await using var item = await queue.TakeAsync(token)</c>.</summary>
    /// <param name="cancellationToken">Gives up waiting. An item that is just being locked is returned.</param>
    /// <exception cref="ObjectDisposedException">The queue was disposed.</exception>
    public async Task<QueueItem> TakeAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Follow();
        while (true)
        {
            var listed = await Listing.ReserveAsync(cancellationToken).ConfigureAwait(false);

            // Never cancelled on its way, so that no lock stays behind that nobody knows of.
            var taking = TryTakeAsync(listed);
            try
            {
                if (await taking.WaitAsync(cancellationToken).ConfigureAwait(false) is { } item)
                    return item;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                _ = ReturnAsync(taking);
                throw;
            }
        }
    }

    /// <summary>Items one after the other, for as long as one asks for more. An item that was not completed when the next one is asked for is returned.</summary>
    public async IAsyncEnumerable<QueueItem> TakeAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var item = await TakeAsync(cancellationToken).ConfigureAwait(false);
            await using (item.ConfigureAwait(false))
                yield return item;
        }
    }

    /// <summary>How many items there are, with those that somebody works on.</summary>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        (await Client.UntilAnsweredAsync(
            () => Client.ExistsAsync(_paths.Entries, cancellationToken), Options.TimeProvider, cancellationToken).ConfigureAwait(false))?.NumChildren ?? 0;

    /// <summary>Stops taking: whoever waits gets an <see cref="ObjectDisposedException"/>. Items that were taken stay so until they are completed or disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task? following;
        lock (_gate)
        {
            following = _following;
        }

        if (following is not null)
            await following.ConfigureAwait(false);
        Listing.Dispose();
        await Consumer.LeaveAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    internal string PathOf(string name) => _paths.EntryOf(name);

    /// <summary>Puts items with one rank, all or none.</summary>
    private protected async Task PutAsync(long rank, IReadOnlyList<ReadOnlyMemory<byte>> items, CancellationToken cancellationToken)
    {
        var path = _paths.EntryOf(ItemName.WithoutCounter(rank));
        var operations = items.Select(data => new TransactionOperation.Create(path, data, _itemOptions)).ToList();
        if (operations.Count == 0)
            return;

        try
        {
            await _receipts.CommitAsync(operations, cancellationToken).ConfigureAwait(false);
        }
        catch (TransactionFailedException exception) when (exception.InnerException is NoNodeException)
        {
            await Client.UntilAnsweredAsync(
                () => Client.EnsurePathAsync(_paths.Entries, cancellationToken), Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            await _receipts.CommitAsync(operations, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ReturnAsync(Task<QueueItem?> taking)
    {
        await ((Task)taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (taking.IsCompletedSuccessfully && taking.Result is { } item)
            await item.DisposeAsync().ConfigureAwait(false);
    }

    private void Follow()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            _following ??= Task.Run(() => new QueueFollower(Client, _paths, Listing, Options.TimeProvider).RunAsync(_stopping.Token), CancellationToken.None);
        }
    }

    private async Task<QueueItem?> TryTakeAsync(ListedItem listed)
    {
        try
        {
            var events = Listing.EventsAbout(listed);
            if (await Transactions.TryTakeAsync(listed.Name.Text).ConfigureAwait(false) is not { } taken)
            {
                Listing.Lose(listed, events);
                return null;
            }

            var item = new QueueItem(this, listed, taken);
            Listing.Hold(listed, item);
            return item;
        }
        catch
        {
            Listing.Release(listed);
            throw;
        }
    }
}
