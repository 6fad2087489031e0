using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Nodes;

/// <summary>
/// One look at a znode that is to be an ephemeral one of this client's session, and what it takes to make it that. What happened before is
/// not relied on: an attempt whose answer was lost shows in the next look.
/// </summary>
internal sealed class EphemeralNodeKeeper(IKeeperClient client, string path, PersistentEphemeralNodeOptions options)
{
    // What marks a TTL znode in the place of an owner: see ZooKeeper's EphemeralType.
    private const int TtlMark = 0xFF;

    private readonly CreateOptions _createOptions = new() { Mode = CreateMode.Ephemeral, Acl = options.Acl };
    private readonly HashSet<long> _ownSessions = [];
    private readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(50);
    private TimeSpan _pause;
    private long _lastReplacement;
    private bool _mayExist;
    private long _czxid;
    private DesiredData? _written;

    /// <summary>Makes the znode what it is to be, as far as one look allows.</summary>
    /// <returns>Its Stat once it is what it is to be; null when it is not, and a change of the znode will say when to look again.</returns>
    /// <exception cref="KeeperException">It cannot be, or the connection was lost.</exception>
    public async Task<Stat?> KeepAsync(DesiredData desired, CancellationToken cancellationToken)
    {
        while (await client.ExistsAsync(path, cancellationToken).ConfigureAwait(false) is { } found)
        {
            if (!IsEphemeral(found))
            {
                throw new KeeperException(
                    ErrorCode.NodeExists, path, $"The znode {path} exists and is not ephemeral. It is left alone, and waited for.");
            }

            if (found.EphemeralOwner == client.Session.Id)
                return await AdoptAsync(found, desired).ConfigureAwait(false);
            if (!_ownSessions.Contains(found.EphemeralOwner))
            {
                if (options.ExistingNode == ExistingNode.Wait)
                    return null;
                await PauseBeforeReplacementAsync(cancellationToken).ConfigureAwait(false);
            }

            await DeleteIfUnchangedAsync(found).ConfigureAwait(false);
        }

        return await TryCreateAsync(desired, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes the znode if it is this session's, however often the connection is lost meanwhile.</summary>
    public async Task DeleteAsync()
    {
        if (!_mayExist)
            return;
        try
        {
            await DeleteOwnAsync().ConfigureAwait(false);
        }
        catch (KeeperException exception) when (exception.IsPassing())
        {
            // Nobody should wait for the next connection. It goes with the session as well.
            _ = DeleteWhenConnectedAsync();
        }
        catch (ClientClosedException)
        {
        }
    }

    private static bool IsEphemeral(Stat stat) =>
        stat.EphemeralOwner is not (0 or long.MinValue) && (int)(stat.EphemeralOwner >>> 56) != TtlMark;

    private async Task<Stat?> TryCreateAsync(DesiredData desired, CancellationToken cancellationToken)
    {
        try
        {
            // Not to be cancelled on its way: whoever cancels then deletes, and must know whether it is there.
            _mayExist = true;
            var created = await client.CreateAsync(path, desired.Data, _createOptions, CancellationToken.None).ConfigureAwait(false);
            Remember(created.Stat);
            MarkWritten(desired);
            return created.Stat;
        }
        catch (NodeExistsException)
        {
            return await KeepAsync(desired, cancellationToken).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            await client.EnsurePathAsync(ZNodePath.Parent(path), cancellationToken).ConfigureAwait(false);
            return await KeepAsync(desired, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Stat?> AdoptAsync(Stat found, DesiredData desired)
    {
        _mayExist = true;
        if (found.Czxid != _czxid)
        {
            Remember(found);
            _written = null;
        }

        if (_written == desired)
            return found;
        try
        {
            var stat = await client.SetDataAsync(path, desired.Data, KeeperVersion.Any, CancellationToken.None).ConfigureAwait(false);
            if (stat.Czxid != _czxid)
                return null;
            MarkWritten(desired);
            return stat;
        }
        catch (NoNodeException)
        {
            // It was deleted just now; the watch says so.
            return null;
        }
    }

    private void Remember(Stat own)
    {
        _czxid = own.Czxid;
        _ownSessions.Add(own.EphemeralOwner);
    }

    private void MarkWritten(DesiredData desired)
    {
        _written = desired;
        desired.MarkWritten();
    }

    // Clients that take the znode from each other do so ever more slowly.
    private async Task PauseBeforeReplacementAsync(CancellationToken cancellationToken)
    {
        var time = options.TimeProvider;
        if (_lastReplacement == 0 || time.GetElapsedTime(_lastReplacement) > options.MaxRetryDelay)
            _pause = TimeSpan.Zero;
        await Task.Delay(_pause, time, cancellationToken).ConfigureAwait(false);
        _pause = _pause == TimeSpan.Zero ? _firstPause : _pause * 2 < options.MaxRetryDelay ? _pause * 2 : options.MaxRetryDelay;
        _lastReplacement = time.GetTimestamp();
    }

    private async Task DeleteIfUnchangedAsync(Stat found)
    {
        try
        {
            await client.DeleteAsync(path, found.Version, CancellationToken.None).ConfigureAwait(false);
        }
        catch (KeeperException exception) when (exception is NoNodeException or BadVersionException)
        {
            // It is another one by now: look again.
        }
    }

    private async Task DeleteOwnAsync()
    {
        while (await client.ExistsAsync(path, CancellationToken.None).ConfigureAwait(false) is { } found
            && found.EphemeralOwner == client.Session.Id)
        {
            await DeleteIfUnchangedAsync(found).ConfigureAwait(false);
        }
    }

    private async Task DeleteWhenConnectedAsync()
    {
        try
        {
            await client.UntilAnsweredAsync(DeleteOwnAsync, options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
        }
        catch (KeeperException)
        {
            // The client was disposed, and its session closed with it; or an access control list forbids it.
        }
    }
}
