using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk.Recipes.Outcomes;

/// <summary>Getting over lost connections and expired sessions.</summary>
internal static class Reconnection
{
    /// <summary>
    /// Whether trying again later may help: the connection was lost, the session has expired, or the service cannot do it now, since it is
    /// stopping, its log cannot be written, or it has no room.
    /// </summary>
    public static bool IsPassing(this KeeperException exception) =>
        exception is ConnectionLostException or SessionExpiredException or { Error: ErrorCode.SystemError or ErrorCode.ThrottledOp };

    /// <summary>Waits until the client is connected.</summary>
    /// <exception cref="ClientClosedException">It was disposed.</exception>
    public static async Task WaitUntilConnectedAsync(this IKeeperClient client, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += OnStateChanged;
        try
        {
            OnStateChanged(client, client.State);
            await connected.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            client.StateChanged -= OnStateChanged;
        }

        void OnStateChanged(object? sender, KeeperConnectionState state)
        {
            if (state == KeeperConnectionState.Connected)
                connected.TrySetResult();
            else if (state == KeeperConnectionState.Closed)
                connected.TrySetException(new ClientClosedException(path: null));
        }
    }

    /// <summary>Does what may be done twice, a read for example, until the service answers.</summary>
    public static async Task<T> UntilAnsweredAsync<T>(
        this IKeeperClient client, Func<Task<T>> operation, TimeProvider time, CancellationToken cancellationToken)
    {
        Backoff? backoff = null;
        while (true)
        {
            try
            {
                return await operation().ConfigureAwait(false);
            }
            catch (KeeperException exception) when (exception.IsPassing())
            {
                backoff ??= Backoff.ForReconnection(time);
            }

            await client.WaitUntilConnectedAsync(cancellationToken).ConfigureAwait(false);
            await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does what may be done twice until the service answers.</summary>
    public static Task UntilAnsweredAsync(
        this IKeeperClient client, Func<Task> operation, TimeProvider time, CancellationToken cancellationToken) =>
        client.UntilAnsweredAsync(
            async () =>
            {
                await operation().ConfigureAwait(false);
                return true;
            },
            time,
            cancellationToken);
}
