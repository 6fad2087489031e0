using System.Runtime.CompilerServices;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Recipes.Values;

/// <summary>
/// A value that many clients see and set, as Curator's SharedValue, with its layout: the znode's data. It follows the znode by a watch, set before it is
/// read, so <see cref="Current"/> is never older than what this client was told of, and never goes back. Setting is a conditional write; the zxid of the
/// result is a fencing token. A set whose answer was lost is looked for; what cannot be found out ends as a <see cref="KeeperException"/> whose outcome is
/// unknown.
/// </summary>
public sealed class SharedValue : IAsyncDisposable
{
    private readonly IKeeperClient _client;
    private readonly SharedValueOptions _options;
    private readonly ConditionalWrite _write;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SharedValueSnapshot _current;
    private Task _following = Task.CompletedTask;

    private SharedValue(IKeeperClient client, string path, SharedValueOptions options)
    {
        _client = client;
        _options = options;
        Path = path;
        _write = new ConditionalWrite(client, path, receipts: null, options.TimeProvider);
        _current = new SharedValueSnapshot(options.InitialValue, SharedValueSnapshot.Absent, Zxid: 0);
    }

    /// <summary>The znode.</summary>
    public string Path { get; }

    /// <summary>The value as it is known now.</summary>
    public SharedValueSnapshot Current => _current;

    /// <summary>Reads the value, and begins to follow it. Nothing is created.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The znode.</param>
    /// <param name="options">How it behaves.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<SharedValue> StartAsync(
        IKeeperClient client, string path, SharedValueOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var value = new SharedValue(client, path, options ?? new SharedValueOptions());
        var watch = await value.OpenAsync(cancellationToken).ConfigureAwait(false);
        value._following = value.FollowAsync(watch);
        return value;
    }

    /// <summary>Sets the value if it still has this version; <see cref="SharedValueSnapshot.Absent"/> to create the znode.</summary>
    /// <returns>The value as set; null when it has another version by now.</returns>
    public async Task<SharedValueSnapshot?> TrySetAsync(
        ReadOnlyMemory<byte> data, int expectedVersion, CancellationToken cancellationToken = default)
    {
        if (expectedVersion < SharedValueSnapshot.Absent)
            throw new ArgumentOutOfRangeException(nameof(expectedVersion), expectedVersion, "A version is 0 or more, or -1 for a value that has no znode.");

        var stat = expectedVersion == SharedValueSnapshot.Absent
            ? await TryCreateAsync(data, cancellationToken).ConfigureAwait(false)
            : await TryChangeAsync(data, expectedVersion, cancellationToken).ConfigureAwait(false);
        if (stat is not { } set)
            return null;

        var snapshot = new SharedValueSnapshot(data, set.Version, set.Mzxid);
        Publish(snapshot);
        return snapshot;
    }

    /// <summary>Sets the value to what becomes of the current one, again and again until nobody else's change comes in between.</summary>
    /// <param name="change">The next value from the current one; may be called several times.</param>
    /// <param name="cancellationToken">Gives up between two attempts.</param>
    /// <returns>The value as set.</returns>
    public async Task<SharedValueSnapshot> UpdateAsync(
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(100), _options.TimeProvider);
        while (true)
        {
            var current = _current;
            if (await TrySetAsync(change(current.Data), current.Version, cancellationToken).ConfigureAwait(false) is { } set)
                return set;

            await ReadAsync(current.Zxid, cancellationToken).ConfigureAwait(false);
            await backoff.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the value is another one than this; returns at once if it is already.</summary>
    public async Task<SharedValueSnapshot> ChangedAsync(SharedValueSnapshot known, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_current.Zxid != known.Zxid || _current.Exists != known.Exists)
                    return _current;
                changed = _changed.Task;
            }

            var first = await Task.WhenAny(changed, _ended.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }
    }

    /// <summary>The value now and each later one. A reader that is slow misses values in between, never the last one.</summary>
    public async IAsyncEnumerable<SharedValueSnapshot> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var known = _current; ; known = await ChangedAsync(known, cancellationToken).ConfigureAwait(false))
            yield return known;
    }

    /// <summary>Stops following. Whoever waits for a change gets an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
    }

    private async Task<Stat?> TryCreateAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var options = new CreateOptions { Acl = _options.Acl };
        var write = new UnansweredWrite(_client, _options.TimeProvider);
        while (true)
        {
            try
            {
                return (await _client.CreateAsync(Path, data, options, CancellationToken.None).ConfigureAwait(false)).Stat;
            }
            catch (NodeExistsException)
            {
                write.ThrowUnknown();
                return null;
            }
            catch (NoNodeException)
            {
                await _client.UntilAnsweredAsync(
                    () => _client.EnsurePathAsync(ZNodePath.Parent(Path), cancellationToken), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (KeeperException exception) when (exception.IsConnectionTrouble())
            {
                await write.WaitForNextAttemptAsync(exception, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<Stat?> TryChangeAsync(ReadOnlyMemory<byte> data, int expectedVersion, CancellationToken cancellationToken)
    {
        try
        {
            return (await _write.TrySetAsync(data, expectedVersion, cancellationToken).ConfigureAwait(false)).Stat;
        }
        catch (NoNodeException)
        {
            return null;
        }
    }

    private async Task<KeeperWatch> OpenAsync(CancellationToken cancellationToken)
    {
        var watch = await _client.UntilAnsweredAsync(
            () => _client.OpenWatchAsync(Path, WatchMode.Persistent, cancellationToken), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        try
        {
            await ReadAsync(_current.Zxid, cancellationToken).ConfigureAwait(false);
            return watch;
        }
        catch
        {
            await watch.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task FollowAsync(KeeperWatch watch)
    {
        try
        {
            await using (((IAsyncDisposable)watch).ConfigureAwait(false))
            {
                await foreach (var watchEvent in watch.WithCancellation(_stopping.Token).ConfigureAwait(false))
                {
                    if (IsNews(watchEvent))
                        await ReadAsync(watchEvent.Zxid, _stopping.Token).ConfigureAwait(false);
                }
            }

            _ended.TrySetException(new ObjectDisposedException(nameof(SharedValue)));
        }
        catch (OperationCanceledException)
        {
            _ended.TrySetException(new ObjectDisposedException(nameof(SharedValue)));
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
        finally
        {
            // Perhaps nobody waits for a change.
            _ = _ended.Task.Exception;
        }
    }

    private bool IsNews(WatchEvent watchEvent) => watchEvent.Type switch
    {
        WatchEventType.Missed => true,
        WatchEventType.NodeChildrenChanged => false,
        _ => watchEvent.Zxid > _current.Zxid,
    };

    /// <summary>Reads the znode and takes over what is newer.</summary>
    /// <param name="zxid">A transaction that the read is not older than: an absent znode does not say which one deleted it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task ReadAsync(long zxid, CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = _current;
            var found = await _client.UntilAnsweredAsync(
                () => _client.FindAsync(Path, cancellationToken), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (found is { } content)
                Publish(new SharedValueSnapshot(content.Data, content.Stat.Version, content.Stat.Mzxid));
            else if (!TryPublishAbsence(before, zxid))
                continue;
            return;
        }
    }

    private void Publish(SharedValueSnapshot snapshot)
    {
        lock (_gate)
        {
            if (snapshot.Zxid > _current.Zxid)
                Replace(snapshot);
        }
    }

    // Nothing dates an absence, so it only replaces what was known when it was read.
    private bool TryPublishAbsence(SharedValueSnapshot before, long zxid)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_current, before))
                return false;
            if (before.Exists)
                Replace(new SharedValueSnapshot(_options.InitialValue, SharedValueSnapshot.Absent, Math.Max(zxid, before.Zxid)));
            return true;
        }
    }

    private void Replace(SharedValueSnapshot snapshot)
    {
        _current = snapshot;
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
