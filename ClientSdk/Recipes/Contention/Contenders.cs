using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>Tells who contends.</summary>
internal static class Contenders
{
    /// <summary>Those below a path, in order; none if there is no such path.</summary>
    public static async Task<IReadOnlyList<Contender>> ReadAsync(IKeeperClient client, string parent, CancellationToken cancellationToken)
    {
        var queue = await ContenderQueue.ReadAsync(client, parent, cancellationToken).ConfigureAwait(false);
        var found = await Task.WhenAll(queue.Contenders.Select(contender =>
            FindAsync(client, ZNodePath.Append(parent, contender.Name), cancellationToken))).ConfigureAwait(false);
        return [.. found.OfType<Contender>()];
    }

    /// <summary>The first of those below a path; null if there is nobody.</summary>
    public static async Task<Contender?> FindFirstAsync(IKeeperClient client, string parent, CancellationToken cancellationToken)
    {
        while (await ContenderQueue.ReadAsync(client, parent, cancellationToken).ConfigureAwait(false) is { Contenders: [var first, ..] })
        {
            if (await FindAsync(client, ZNodePath.Append(parent, first.Name), cancellationToken).ConfigureAwait(false) is { } contender)
                return contender;
        }
        return null;
    }

    private static async Task<Contender?> FindAsync(IKeeperClient client, string path, CancellationToken cancellationToken) =>
        await client.FindAsync(path, cancellationToken).ConfigureAwait(false) is { } content
            ? new Contender(path, content.Text(), content.Stat.Czxid)
            : null;
}
