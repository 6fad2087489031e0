using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.Errors;

namespace OrleansKeeper.ClientSdk.Watches;

/// <summary>
/// Something that is derived from a znode and those below it, at hand in memory and as new as the events are. While the connection is lost what was last
/// there stays.
/// </summary>
/// <typeparam name="T">What is derived; it must not change once it is made.</typeparam>
internal sealed partial class LiveView<T> : IAsyncDisposable
    where T : class
{
    private readonly string _path;
    private readonly Func<IReadOnlyDictionary<string, ZNodeContent>, T> _derive;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly IAsyncEnumerator<IReadOnlyDictionary<string, ZNodeContent>> _snapshots;
    private Version _current = null!;
    private Task _following = Task.CompletedTask;

    private LiveView(IKeeperClient client, string path, Func<IReadOnlyDictionary<string, ZNodeContent>, T> derive, ILogger logger)
    {
        _path = path;
        _derive = derive;
        _logger = logger;
        _snapshots = TreeSnapshots.FollowAsync(client, path, _closing.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Reads what is there and begins to follow.</summary>
    /// <exception cref="KeeperException">The service cannot be reached.</exception>
    public static async Task<LiveView<T>> OpenAsync(
        IKeeperClient client, string path, Func<IReadOnlyDictionary<string, ZNodeContent>, T> derive, ILogger logger, CancellationToken cancellationToken)
    {
        var view = new LiveView<T>(client, path, derive, logger);
        try
        {
            await view.StartAsync(cancellationToken).ConfigureAwait(false);
            return view;
        }
        catch
        {
            await view.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What is there now.</summary>
    public T Current => Volatile.Read(ref _current).Value;

    /// <summary>What is there now, and a token that is cancelled as soon as there is something else.</summary>
    public (T Value, CancellationToken Replaced) Latest => Volatile.Read(ref _current) is var current ? (current.Value, current.Replaced.Token) : default;

    /// <summary>What is there now, and then whatever takes its place; of several changes in a row perhaps only the last. Ends when this is disposed.</summary>
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
        await _following.ConfigureAwait(false);
        await _snapshots.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(_closing.Cancel))
        {
            if (!await _snapshots.MoveNextAsync().ConfigureAwait(false))
                throw new ClientClosedException(_path);
        }
        _current = new Version(_derive(_snapshots.Current));
        _following = FollowAsync();
    }

    private async Task FollowAsync()
    {
        try
        {
            while (await _snapshots.MoveNextAsync().ConfigureAwait(false))
            {
                var before = _current;
                Volatile.Write(ref _current, new Version(_derive(_snapshots.Current)));
                await before.Replaced.CancelAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (KeeperException exception)
        {
            LogNotFollowed(exception, _path);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is below {Path} is not followed any more; what was last there stays")]
    private partial void LogNotFollowed(Exception exception, string path);

    private sealed record Version(T Value)
    {
        public CancellationTokenSource Replaced { get; } = new();
    }
}
