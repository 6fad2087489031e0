using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Caching;

namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// Something that is derived from a znode's children, at hand in memory and as new as the events are. While the connection is lost what was
/// last there stays.
/// </summary>
/// <typeparam name="T">What is derived; it must not change once it is made.</typeparam>
internal sealed partial class LiveView<T> : IAsyncDisposable
    where T : class
{
    private static readonly TreeCacheOptions ChildrenOnly = new() { MaxDepth = 1 };

    private readonly TreeCache _cache;
    private readonly Func<IEnumerable<TreeCacheEntry>, T> _derive;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _following;
    private Version _current;

    private LiveView(TreeCache cache, Func<IEnumerable<TreeCacheEntry>, T> derive, ILogger logger)
    {
        _cache = cache;
        _derive = derive;
        _logger = logger;
        _current = Derive();
        _following = FollowAsync();
    }

    /// <summary>Reads what is there, once there is a connection, and begins to follow.</summary>
    /// <exception cref="KeeperException">The client was disposed.</exception>
    public static async Task<LiveView<T>> OpenAsync(
        IKeeperClient client, string path, Func<IEnumerable<TreeCacheEntry>, T> derive, ILogger logger, CancellationToken cancellationToken) =>
        new(await TreeCache.StartAsync(client, path, ChildrenOnly, cancellationToken).ConfigureAwait(false), derive, logger);

    /// <summary>What is there now.</summary>
    public T Current => Volatile.Read(ref _current).Value;

    /// <summary>What is there now, and a token that is cancelled as soon as there is something else.</summary>
    public (T Value, CancellationToken Replaced) Latest
    {
        get
        {
            var current = Volatile.Read(ref _current);
            return (current.Value, current.Replaced.Token);
        }
    }

    /// <summary>What is there now, and then whatever takes its place; of several changes in a row perhaps only the last. Ends when this is
    /// disposed.</summary>
    public async IAsyncEnumerable<T> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var (value, replaced) = Latest;
            yield return value;

            using var either = CancellationTokenSource.CreateLinkedTokenSource(replaced, _closing.Token, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!replaced.IsCancellationRequested)
                yield break;
        }
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _cache.DisposeAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var _ in _cache.ReadChangesAsync(_closing.Token).ConfigureAwait(false))
            {
                if (ReferenceEquals(Children, _current.Children))
                    continue;

                var before = _current;
                Volatile.Write(ref _current, Derive());
                await before.Replaced.CancelAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (KeeperException exception)
        {
            LogNotFollowed(exception, _cache.Path);
        }
    }

    private IReadOnlyDictionary<string, TreeCacheEntry> Children => _cache.Root?.Children ?? TreeCacheEntry.NoChildren;

    private Version Derive()
    {
        var children = Children;
        return new Version(children, _derive(children.Values));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is below {Path} is not followed any more; what was last there stays")]
    private partial void LogNotFollowed(Exception exception, string path);

    private sealed record Version(IReadOnlyDictionary<string, TreeCacheEntry> Children, T Value)
    {
        public CancellationTokenSource Replaced { get; } = new();
    }
}
