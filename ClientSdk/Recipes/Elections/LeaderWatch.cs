using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Contention;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Elections;

/// <summary>Follows who leads: watches the leader's znode, or, while nobody leads, the path for candidates.</summary>
/// <param name="client">The client.</param>
/// <param name="path">The election's path.</param>
internal sealed class LeaderWatch(IKeeperClient client, string path)
{
    private readonly ReconnectionPauses _reconnection = new(client);
    private Watched<Contender?>? _last;

    /// <summary>Who leads at first, and then whoever leads next.</summary>
    public async Task<Contender?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var session = client.Session;
            var previous = _last;
            if (previous is not null)
                await _reconnection.WaitForAsync(previous.Changed, session, cancellationToken).ConfigureAwait(false);

            _last = await _reconnection.RepeatAsync(() => FindAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
            if (previous is null || previous.Value?.Path != _last.Value?.Path)
                return _last.Value;
        }
    }

    /// <summary>Who leads, with a watch that hears when that may be another.</summary>
    private async Task<Watched<Contender?>> FindAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var queue = await ContenderQueue.ReadAsync(client, path, cancellationToken).ConfigureAwait(false);
            try
            {
                if (queue.Contenders is [var first, ..])
                    return await WatchLeaderAsync(ZNodePath.Append(path, first.Name), cancellationToken).ConfigureAwait(false);

                if (await WatchForCandidatesAsync(cancellationToken).ConfigureAwait(false) is { } nobody)
                    return nobody;
            }
            catch (NoNodeException)
            {
                // What was there is gone already: look again.
            }
        }
    }

    private async Task<Watched<Contender?>> WatchLeaderAsync(string znode, CancellationToken cancellationToken)
    {
        var watched = await client.GetAndWatchAsync(znode, cancellationToken).ConfigureAwait(false);
        return new Watched<Contender?>(new Contender(znode, watched.Value.Text(), watched.Value.Stat.Czxid), watched.Changed);
    }

    /// <summary>Null if there is a candidate after all.</summary>
    private async Task<Watched<Contender?>?> WatchForCandidatesAsync(CancellationToken cancellationToken)
    {
        var parent = await client.ExistsAndWatchAsync(path, cancellationToken).ConfigureAwait(false);
        if (parent.Value is null)
            return new Watched<Contender?>(null, parent.Changed);

        var children = await client.GetChildrenAndWatchAsync(path, cancellationToken).ConfigureAwait(false);
        return new ContenderQueue(children.Value).Contenders.Count == 0 ? new Watched<Contender?>(null, children.Changed) : null;
    }
}
