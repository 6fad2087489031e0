using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Barriers;

/// <summary>
/// A barrier that is in place or not: while it is, all who wait at it wait; when it is removed, all go on. It stays in place, whoever put
/// it there, until somebody removes it.
/// </summary>
/// <remarks>
/// It is in place while its znode exists, as kazoo's <c>Barrier</c> and Curator's <c>DistributedBarrier</c>: clients of all three share it.
/// It grants nothing to anybody, so it has no fencing token.
/// </remarks>
public sealed class DistributedBarrier
{
    private static readonly CreateOptions Creation = new() { CreateParents = true };

    private readonly IKeeperClient _client;

    /// <summary>The barrier at a path.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The barrier's path.</param>
    /// <exception cref="ArgumentException">The path is not one that a znode can have.</exception>
    public DistributedBarrier(IKeeperClient client, string path)
    {
        if (ZNodePath.Validate(path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{path}\" is not a path of a znode. {complaint}", nameof(path));

        _client = client;
        Path = path;
    }

    /// <summary>The barrier's path.</summary>
    public string Path { get; }

    /// <summary>Puts the barrier in place; does nothing if it is.</summary>
    public Task SetAsync(CancellationToken cancellationToken = default) => RepeatAsync(async () =>
    {
        try
        {
            await _client.CreateAsync(Path, ReadOnlyMemory<byte>.Empty, Creation, cancellationToken).ConfigureAwait(false);
        }
        catch (NodeExistsException)
        {
        }
    }, cancellationToken);

    /// <summary>Removes the barrier: all who wait go on. Does nothing if it is not in place.</summary>
    public Task RemoveAsync(CancellationToken cancellationToken = default) => RepeatAsync(async () =>
    {
        try
        {
            await _client.DeleteAsync(Path, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
        }
    }, cancellationToken);

    /// <summary>Whether the barrier is in place.</summary>
    public async Task<bool> IsSetAsync(CancellationToken cancellationToken = default) =>
        await _client.ExistsAsync(Path, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Returns when the barrier is not in place, at once if it is not now; waits through lost connections and sessions.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken = default)
    {
        var reconnection = new ReconnectionPauses(_client);
        while (true)
        {
            var session = _client.Session;
            if (await RepeatAsync(() => WatchAsync(cancellationToken), cancellationToken).ConfigureAwait(false) is not { } change)
                return;

            await reconnection.WaitForAsync(change, session, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="WaitAsync(CancellationToken)"/>, but not longer than this.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if the time was up, and the barrier not seen removed.</returns>
    public async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await WaitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<Task<WatchEvent>?> WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _client.GetAndWatchAsync(Path, cancellationToken).ConfigureAwait(false)).Changed;
        }
        catch (NoNodeException)
        {
            return null;
        }
    }

    private Task RepeatAsync(Func<Task> operation, CancellationToken cancellationToken) =>
        new ReconnectionPauses(_client).RepeatAsync(operation, cancellationToken);

    private Task<T> RepeatAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken) =>
        new ReconnectionPauses(_client).RepeatAsync(operation, cancellationToken);
}
