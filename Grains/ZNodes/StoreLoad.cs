using OrleansKeeper.Grains.Replication;

namespace OrleansKeeper.Grains.ZNodes;

/// <summary>
/// Loads something of a znode from the store (rule R7): while it is read, nothing that memory knows of it is dropped, and it is used when the
/// replica has seen everything that the rows may be as of.
/// </summary>
internal static class StoreLoad
{
    /// <summary>Loads it, unless it is certain that there is no such znode.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="path">The znode's path.</param>
    /// <param name="read">Reads it, with the target as of the same moment.</param>
    /// <param name="complete">Takes it into the replica, and with that ends the load.</param>
    public static async Task RunAsync<T>(Replica replica, string path, Func<Task<(T Stored, long Target)>> read, Action<TreeNode, T> complete)
    {
        if (replica.BeginLoad(path) is not { } place)
            return;

        try
        {
            var (stored, target) = await read().ConfigureAwait(false);
            await replica.WaitForAsync(target).ConfigureAwait(false);
            complete(place, stored);
        }
        catch
        {
            replica.AbandonLoad(place);
            throw;
        }
    }
}
