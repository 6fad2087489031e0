using System.Runtime.CompilerServices;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// Follows a znode and all below it: a snapshot first, and another one after each change. A transaction is in a snapshot with all that it did, or not at all,
/// and gives one snapshot however much it did. That holds since the service delivers the events of a transaction before any reply that reflects it: when
/// no event is waiting after the last read was answered, everything that was read belongs to one moment.
/// </summary>
internal sealed class TreeSnapshots
{
    private const int MostRounds = 50;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly IKeeperClient _client;
    private readonly string _root;
    private readonly Dictionary<string, ZNodeContent> _tree = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);
    private bool _changed;

    private TreeSnapshots(IKeeperClient client, string root)
    {
        _client = client;
        _root = root;
    }

    /// <summary>
    /// The snapshots: znodes by path, none when the root does not exist. While the connection is lost there is no new one. Of several changes
    /// in a row there may be one snapshot.
    /// </summary>
    /// <exception cref="KeeperException">The service could not be reached for the first one, or the client was disposed.</exception>
    public static async IAsyncEnumerable<IReadOnlyDictionary<string, ZNodeContent>> FollowAsync(
        IKeeperClient client, string root, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var tree = new TreeSnapshots(client, root);
        await using var watch = await client.OpenWatchAsync(root, WatchMode.PersistentRecursive, cancellationToken).ConfigureAwait(false);
        await using var events = watch.GetAsyncEnumerator(cancellationToken);
        await tree.ReadBelowAsync(root, cancellationToken).ConfigureAwait(false);

        var next = events.MoveNextAsync();
        for (var isFirst = true; ; isFirst = false)
        {
            for (var round = 0; round < MostRounds; round++)
            {
                for (; next.IsCompleted; next = events.MoveNextAsync())
                {
                    if (!await next.ConfigureAwait(false))
                        yield break;
                    await tree.NoteAsync(events.Current, cancellationToken).ConfigureAwait(false);
                }
                if (tree._unread.Count == 0)
                    break;
                await tree.ReadWhatChangedAsync(cancellationToken).ConfigureAwait(false);
            }
            if (tree._changed || isFirst)
                yield return new Dictionary<string, ZNodeContent>(tree._tree, StringComparer.Ordinal);
            tree._changed = false;

            if (!await next.ConfigureAwait(false))
                yield break;
            await tree.NoteAsync(events.Current, cancellationToken).ConfigureAwait(false);
            next = events.MoveNextAsync();
        }
    }

    private async Task NoteAsync(WatchEvent watchEvent, CancellationToken cancellationToken)
    {
        if (watchEvent.Type == WatchEventType.Missed)
            await RetryAsync(() => StartOverAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        else
            _unread.Add(watchEvent.Path);
    }

    private async Task StartOverAsync(CancellationToken cancellationToken)
    {
        _tree.Clear();
        _unread.Clear();
        await ReadBelowAsync(_root, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadBelowAsync(string path, CancellationToken cancellationToken)
    {
        if (!await ReadAsync(path, cancellationToken).ConfigureAwait(false))
            return;
        try
        {
            var children = await _client.GetChildrenAsync(path, cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(children.Select(child => ReadBelowAsync(ZNodePath.Append(path, child), cancellationToken))).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NoNodeException or NoAuthException)
        {
        }
    }

    private async Task ReadWhatChangedAsync(CancellationToken cancellationToken)
    {
        string[] paths = [.. _unread];
        await RetryAsync(() => Task.WhenAll(paths.Select(path => ReadAsync(path, cancellationToken))), cancellationToken).ConfigureAwait(false);
        _unread.ExceptWith(paths);
    }

    /// <returns>Whether the znode exists and can be read.</returns>
    private async Task<bool> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ZNodeContent? content;
        try
        {
            content = await _client.FindAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (NoAuthException)
        {
            // What is not to be seen (any more) stays as it was seen last.
            return false;
        }
        lock (_tree)
        {
            if (content is { } znode)
            {
                _changed |= !_tree.TryGetValue(path, out var known) || known.Stat.Mzxid != znode.Stat.Mzxid;
                _tree[path] = znode;
            }
            else
            {
                _changed |= _tree.Remove(path);
            }
        }
        return content is not null;
    }

    /// <summary>What was known stays good until the service can be reached again.</summary>
    private static async Task RetryAsync(Func<Task> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await read().ConfigureAwait(false);
                return;
            }
            catch (KeeperException exception) when (exception is ConnectionLostException or SessionExpiredException)
            {
                await Task.Delay(RetryPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
