using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Servers;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Naming;

/// <summary>
/// Unified naming: one place where a name stands for one or more addresses. A name is a znode, <c>/names/www.example.com</c>, whose data is
/// one address a line. What was resolved once is answered from memory until it changes: one recursive watch on the names' parent says when.
/// While the connection is lost the last answers stay good.
/// </summary>
public sealed class NameService : IAsyncDisposable
{
    private readonly IKeeperClient _client;
    private readonly NameServiceOptions _options;
    private readonly KeeperWatch _watch;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<NameBinding?>>> _resolved = new(StringComparer.Ordinal);
    private readonly Task _forgetting;

    private NameService(IKeeperClient client, NameServiceOptions options, KeeperWatch watch)
    {
        _client = client;
        _options = options;
        _watch = watch;
        _forgetting = ForgetWhatChangesAsync();
    }

    /// <summary>Creates the names' parent if it is missing, and watches it.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="KeeperException">The service cannot be reached.</exception>
    public static async Task<NameService> OpenAsync(
        IKeeperClient client, NameServiceOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new NameServiceOptions();
        if (ZNodePath.Validate(options.Path, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{options.Path}\" is not a path of a znode. {complaint}", nameof(options));
        if (options.MaxCachedNames < 1)
            throw new ArgumentException($"{nameof(options.MaxCachedNames)} is {options.MaxCachedNames}; it has to be at least 1.", nameof(options));

        await client.EnsurePathAsync(options.Path, cancellationToken).ConfigureAwait(false);
        var watch = await client.OpenWatchAsync(options.Path, WatchMode.PersistentRecursive, cancellationToken).ConfigureAwait(false);
        return new NameService(client, options, watch);
    }

    /// <summary>Has a name stand for these addresses, instead of those for which it may have stood before.</summary>
    /// <param name="name">The name: <c>www.example.com</c>, or with folders, <c>shop/orders</c>.</param>
    /// <param name="addresses">At least one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentException">The name cannot be a znode's, or there is no address.</exception>
    public async Task BindAsync(string name, IReadOnlyList<ServerAddress> addresses, CancellationToken cancellationToken = default)
    {
        if (addresses.Count == 0)
            throw new ArgumentException($"A name stands for at least one address; unbind \"{name}\" to have it stand for none.", nameof(addresses));

        var path = PathOf(name);
        var data = NameBinding.Encode(addresses);
        await _client.EnsurePathAsync(ZNodePath.Parent(path), cancellationToken).ConfigureAwait(false);
        await WriteAsync(path, data, cancellationToken).ConfigureAwait(false);
        _resolved.TryRemove(name, out _);
    }

    /// <summary>Has a name stand for nothing any more.</summary>
    /// <returns>False when it stood for nothing.</returns>
    public async Task<bool> UnbindAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            await _client.DeleteAsync(PathOf(name), KeeperVersion.Any, cancellationToken).ConfigureAwait(false);
            _resolved.TryRemove(name, out _);
            return true;
        }
        catch (NoNodeException)
        {
            return false;
        }
    }

    /// <summary>What a name stands for; null when it is not bound. From memory, where that is still true.</summary>
    /// <exception cref="FormatException">The znode of the name does not hold addresses.</exception>
    /// <exception cref="KeeperException">The name is not in memory and the service cannot be reached.</exception>
    public async ValueTask<NameBinding?> ResolveAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!_resolved.TryGetValue(name, out var resolution))
        {
            var path = PathOf(name);
            if (_resolved.Count >= _options.MaxCachedNames)
                ForgetOne();

            // It is in the table before it is read: a change that comes while it is read takes it out again.
            resolution = _resolved.GetOrAdd(name, _ => new(() => ReadAsync(name, path, CancellationToken.None)));
        }
        try
        {
            return await resolution.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch when (resolution.Value.IsFaulted)
        {
            _resolved.TryRemove(KeyValuePair.Create(name, resolution));
            throw;
        }
    }

    /// <summary>What a name stands for now, and again after each change; null while it is not bound. Of several changes in a row the last
    /// one is enough.</summary>
    /// <exception cref="FormatException">The znode of the name does not hold addresses.</exception>
    public async IAsyncEnumerable<NameBinding?> WatchAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = PathOf(name);
        await using var watch = await _client.OpenWatchAsync(path, WatchMode.Persistent, cancellationToken).ConfigureAwait(false);
        var binding = await ReadAsync(name, path, cancellationToken).ConfigureAwait(false);
        yield return binding;

        await foreach (var watchEvent in watch.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (watchEvent.Type == WatchEventType.NodeChildrenChanged)
                continue;
            // Whoever is told of a change does not resolve what was before.
            Forget(name, watchEvent.Zxid);
            var now = await ReadAsync(name, path, cancellationToken).ConfigureAwait(false);
            if (now?.Zxid == binding?.Zxid)
                continue;
            binding = now;
            yield return binding;
        }
    }

    /// <summary>Stops watching. What was bound stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _forgetting.ConfigureAwait(false);
        await _watch.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task WriteAsync(string path, byte[] data, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _client.CreateAsync(path, data, CreateOptions.Persistent, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (NodeExistsException)
            {
            }
            try
            {
                await _client.SetDataAsync(path, data, KeeperVersion.Any, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (NoNodeException)
            {
            }
        }
    }

    private async Task<NameBinding?> ReadAsync(string name, string path, CancellationToken cancellationToken)
    {
        if (await _client.FindAsync(path, cancellationToken).ConfigureAwait(false) is not { } content)
            return null;

        // A znode without addresses is a folder of names.
        var binding = NameBinding.Decode(name, path, content);
        return binding.Addresses.Count > 0 ? binding : null;
    }

    private async Task ForgetWhatChangesAsync()
    {
        try
        {
            await foreach (var watchEvent in _watch.WithCancellation(_closing.Token).ConfigureAwait(false))
            {
                if (watchEvent.Type == WatchEventType.Missed)
                    _resolved.Clear();
                else if (watchEvent.Path.Length > _options.Path.Length)
                    Forget(watchEvent.Path[(_options.Path.TrimEnd('/').Length + 1)..], watchEvent.Zxid);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or KeeperException)
        {
        }
        finally
        {
            _resolved.Clear();
        }
    }

    /// <summary>Forgets a name, unless what was read is no older than the change.</summary>
    private void Forget(string name, long zxid)
    {
        if (!_resolved.TryGetValue(name, out var resolution))
            return;
        if (resolution.Value is { IsCompletedSuccessfully: true, Result: { } binding } && binding.Zxid >= zxid)
            return;
        _resolved.TryRemove(KeyValuePair.Create(name, resolution));
    }

    private void ForgetOne()
    {
        foreach (var (name, _) in _resolved)
        {
            _resolved.TryRemove(name, out _);
            return;
        }
    }

    private string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var path = $"{_options.Path.TrimEnd('/')}/{name}";
        return ZNodePath.Validate(path, sequential: false) is { } complaint
            ? throw new ArgumentException($"\"{name}\" cannot be a name. {complaint}", nameof(name))
            : path;
    }
}
