using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>The znode of a registration: made at most once a session, however many answers are lost.</summary>
/// <param name="client">The client.</param>
/// <param name="parent">Its parent.</param>
/// <param name="data">Its data.</param>
internal sealed class RegistrationZNode(IKeeperClient client, string parent, byte[] data)
{
    private static readonly CreateOptions Kind = CreateOptions.EphemeralSequential with { CreateParents = true };

    private string? _path;
    private bool _mayExist;

    /// <summary>Its parent.</summary>
    public string Parent { get; } = parent;

    /// <summary>Finds it, or makes it.</summary>
    /// <returns>Its path, and a task that completes when it may be gone; no task when it is gone already.</returns>
    public async Task<(string Path, Task? MayBeGone)> EnsureAsync(KeeperSession session, CancellationToken cancellationToken)
    {
        var path = await FindAsync(session, cancellationToken).ConfigureAwait(false)
            ?? await CreateAsync(cancellationToken).ConfigureAwait(false);
        var (stat, changed) = await client.ExistsAndWatchAsync(path, cancellationToken).ConfigureAwait(false);
        return (path, stat?.EphemeralOwner == session.Id ? changed : null);
    }

    /// <summary>Deletes it, if there is one; goes on trying while the connection is lost.</summary>
    public async Task DeleteAsync()
    {
        while (_path is not null || _mayExist)
        {
            try
            {
                await client.WaitUntilConnectedAsync(CancellationToken.None).ConfigureAwait(false);
                if (await FindAsync(client.Session, CancellationToken.None).ConfigureAwait(false) is { } path)
                    await client.DeleteAsync(path).ConfigureAwait(false);
                return;
            }
            catch (NoNodeException)
            {
                return;
            }
            catch (ClientClosedException)
            {
                // The session goes with the client, and the znode with the session.
                return;
            }
            catch (KeeperException exception) when (exception.IsPassing())
            {
            }
        }
    }

    /// <summary>The znode in this session; null when there is none.</summary>
    private async Task<string?> FindAsync(KeeperSession session, CancellationToken cancellationToken)
    {
        if (_path is { } path && (await client.ExistsAsync(path, cancellationToken).ConfigureAwait(false))?.EphemeralOwner == session.Id)
            return path;

        _path = null;
        if (!_mayExist)
            return null;

        foreach (var candidate in await client.GetEphemeralsAsync(Parent, cancellationToken).ConfigureAwait(false))
        {
            if (ZNodePath.Parent(candidate) == Parent
                && await client.FindAsync(candidate, cancellationToken).ConfigureAwait(false) is { } content
                && content.Data.Span.SequenceEqual(data))
            {
                _path = candidate;
                break;
            }
        }
        _mayExist = false;
        return _path;
    }

    private async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        // Until the answer is there it may exist: the answer can be lost, and so can the patience of whoever waits.
        _mayExist = true;
        try
        {
            var name = ZNodePath.Append(Parent, ServerPaths.NamePrefix);
            var created = await client.CreateAsync(name, data, Kind, cancellationToken).ConfigureAwait(false);
            _path = created.Path;
            _mayExist = false;
            return created.Path;
        }
        catch (KeeperException exception) when (exception.Outcome == OperationOutcome.DidNotHappen)
        {
            _mayExist = false;
            throw;
        }
    }
}
