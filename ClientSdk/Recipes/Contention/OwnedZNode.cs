using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Contention;

/// <summary>
/// An ephemeral znode of this client's session, and with it what the znode grants. It watches the znode and the session, and says when
/// either is gone or cannot be vouched for any more: before the service expires the session, so before anybody else is granted the same.
/// </summary>
internal sealed class OwnedZNode : IAsyncDisposable
{
    private readonly IKeeperClient _client;
    private readonly long _owner;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenRegistration _sessionLost;
    private readonly TaskCompletionSource _deleted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReleased;

    private OwnedZNode(IKeeperClient client, string path, Stat stat, KeeperSession session)
    {
        _client = client;
        _owner = stat.EphemeralOwner;
        _sessionLost = session.Lost.UnsafeRegister(static owned => ((OwnedZNode)owned!).Lose(), this);
        Path = path;
        FencingToken = stat.Czxid;
    }

    public string Path { get; }

    /// <summary>The transaction that created the znode.</summary>
    public long FencingToken { get; }

    public CancellationToken LostToken => _lost.Token;

    /// <summary>
    /// Takes a znode as one's own; null if it is not there, or belongs to another session than the one that the client has now.
    /// </summary>
    /// <exception cref="ConnectionLostException">The client cannot vouch for the session now.</exception>
    public static async Task<OwnedZNode?> TryTakeAsync(IKeeperClient client, string path, CancellationToken cancellationToken)
    {
        // The session is looked at first: if it ends while the znode is read, its token says so.
        var session = client.Session;
        if (await TryReadAsync(client, path, cancellationToken).ConfigureAwait(false) is not { } watched
            || watched.Value.Stat.EphemeralOwner != session.Id)
        {
            return null;
        }
        if (session.Lost.IsCancellationRequested)
            throw new ConnectionLostException(path, OperationOutcome.DidNotHappen);

        var owned = new OwnedZNode(client, path, watched.Value.Stat, session);
        _ = owned.WatchAsync(watched.Changed);
        return owned;
    }

    /// <summary>Deletes the znode. Whoever calls it first does; others wait for the same.</summary>
    public ValueTask DisposeAsync() => new(ReleaseAsync(() => GuaranteedDeletion.DeleteAsync(_client, Path)));

    /// <summary>As <see cref="DisposeAsync"/>, but has the znode deleted in a way of one's own.</summary>
    public async Task ReleaseAsync(Func<Task> delete)
    {
        if (!Interlocked.Exchange(ref _isReleased, true))
        {
            _sessionLost.Unregister();
            try
            {
                await delete().ConfigureAwait(false);
            }
            finally
            {
                _deleted.SetResult();
            }
        }
        await _deleted.Task.ConfigureAwait(false);
    }

    private async Task WatchAsync(Task<WatchEvent> changed)
    {
        try
        {
            while (await changed.WaitAsync(LostToken).ConfigureAwait(false) is { Type: not WatchEventType.NodeDeleted }
                && await ReadAgainAsync().ConfigureAwait(false) is { } watched
                && watched.Value.Stat.EphemeralOwner == _owner)
            {
                changed = watched.Changed;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception)
        {
            // The client was disposed, or may not read the znode any more: whatever it is, nobody can vouch for it.
        }

        if (!Volatile.Read(ref _isReleased))
            Lose();
    }

    /// <summary>Whoever registered with the token is called on another thread: here a watch or the client's own work goes on.</summary>
    private void Lose() => _ = _lost.CancelAsync();

    private Task<Watched<ZNodeContent>?> ReadAgainAsync() =>
        new ReconnectionPauses(_client).RepeatAsync(() => TryReadAsync(_client, Path, LostToken), LostToken);

    private static async Task<Watched<ZNodeContent>?> TryReadAsync(IKeeperClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAndWatchAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (NoNodeException)
        {
            return null;
        }
    }
}
