using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>
/// Deletes what a recipe must not leave behind. What cannot be deleted now, for want of a connection, is deleted in the background after
/// the next reconnect. There is one such task for each acquisition that a lost connection interrupted; it ends with the reconnect, or with
/// the client, whose session takes the znode along.
/// </summary>
internal static class GuaranteedDeletion
{
    /// <summary>Deletes a znode. Returns when it is gone, or when that is left to the background.</summary>
    public static Task DeleteAsync(IKeeperClient client, string path) => RunAsync(client, () => TryDeleteAsync(client, path));

    /// <summary>
    /// Deletes the znodes below a path whose names begin with a prefix, as <see cref="DeleteAsync"/>. Also those of creates that were
    /// cancelled or not answered: requests of a session take effect in their order, so what is not there after a sync will not come.
    /// </summary>
    public static Task DeletePrefixAsync(IKeeperClient client, string parent, string prefix) => RunAsync(client, async () =>
    {
        await client.SyncAsync().ConfigureAwait(false);
        foreach (var name in await ChildrenAsync(client, parent).ConfigureAwait(false))
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                await TryDeleteAsync(client, ZNodePath.Append(parent, name)).ConfigureAwait(false);
        }
    });

    private static async Task RunAsync(IKeeperClient client, Func<Task> deletion)
    {
        var deleting = RepeatAsync(client, deletion);
        var disconnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EventHandler<KeeperConnectionState> handler = (_, state) =>
        {
            if (state != KeeperConnectionState.Connected)
                disconnected.TrySetResult();
        };
        client.StateChanged += handler;
        try
        {
            if (client.State == KeeperConnectionState.Connected)
                await Task.WhenAny(deleting, disconnected.Task).ConfigureAwait(false);
        }
        finally
        {
            client.StateChanged -= handler;
        }

        if (deleting.IsCompleted)
            await deleting.ConfigureAwait(false);
    }

    private static async Task RepeatAsync(IKeeperClient client, Func<Task> deletion)
    {
        try
        {
            await new ReconnectionPauses(client).RepeatAsync(deletion, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ClientClosedException)
        {
        }
    }

    private static async Task TryDeleteAsync(IKeeperClient client, string path)
    {
        try
        {
            await client.DeleteAsync(path).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
        }
    }

    private static async Task<IReadOnlyList<string>> ChildrenAsync(IKeeperClient client, string parent)
    {
        try
        {
            return await client.GetChildrenAsync(parent).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            return [];
        }
    }
}
