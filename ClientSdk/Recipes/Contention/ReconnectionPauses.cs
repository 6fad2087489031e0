using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>
/// Waits for the connection after it was lost. It pauses a little first, longer each time, so that a recipe does not spin while the client
/// has not noticed the loss yet.
/// </summary>
/// <param name="client">The client.</param>
internal sealed class ReconnectionPauses(IKeeperClient client)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private TimeSpan _pause = ShortestPause;

    /// <summary>Returns when the client is connected.</summary>
    /// <exception cref="ClientClosedException">The client was disposed, so it never will be.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_pause, cancellationToken).ConfigureAwait(false);
        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        await client.WaitUntilConnectedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for a watch's event.</summary>
    /// <returns>
    /// The event; null when the session could not be vouched for meanwhile, and there is a connection again: then read again.
    /// </returns>
    public async Task<WatchEvent?> WaitForAsync(Task<WatchEvent> change, KeeperSession session, CancellationToken cancellationToken)
    {
        _pause = ShortestPause;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Lost);
        try
        {
            return await change.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await WaitAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Does something that may be done twice, again after every lost connection until it is done.</summary>
    public async Task<T> RepeatAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await operation().ConfigureAwait(false);
            }
            catch (KeeperException failure) when (failure.IsPassing())
            {
                await WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>As <see cref="RepeatAsync{T}"/>, for what has no result.</summary>
    public Task RepeatAsync(Func<Task> operation, CancellationToken cancellationToken) => RepeatAsync(async () =>
    {
        await operation().ConfigureAwait(false);
        return true;
    }, cancellationToken);
}
