using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>Lists contenders.</summary>
internal static class Contenders
{
    /// <summary>Those below a path, in order; none if there is no such path.</summary>
    public static async Task<IReadOnlyList<Contender>> ReadAsync(IKeeperClient client, string parent, CancellationToken cancellationToken)
    {
        var queue = await ContenderQueue.ReadAsync(client, parent, cancellationToken).ConfigureAwait(false);
        var found = await Task.WhenAll(queue.Contenders.Select(async contender =>
        {
            var path = ZNodePath.Append(parent, contender.Name);
            return await client.FindAsync(path, cancellationToken).ConfigureAwait(false) is { } content
                ? new Contender(path, content.Text(), content.Stat.Czxid)
                : null;
        })).ConfigureAwait(false);
        return [.. found.OfType<Contender>()];
    }
}
