using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Configuration;

/// <summary>
/// Configuration that follows znodes. One loop connects, reads, and then takes over each change: a transaction is one reload, with all that
/// it did. What was good last stays while the service cannot be reached, and while what is there cannot be understood.
/// </summary>
internal sealed partial class KeeperConfigurationProvider : ConfigurationProvider, IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly KeeperConfigurationOptions _options;
    private readonly ClientSource _source;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _taking = new();
    private Task? _following;
    private Exception? _lastFailure;
    private bool _isLoaded;

    public KeeperConfigurationProvider(string path, KeeperConfigurationOptions options, ClientSource source)
    {
        _path = path;
        _options = options;
        _source = source;
        _logger = options.LoggerFactory.CreateLogger<KeeperConfigurationProvider>();
    }

    /// <summary>Waits for the first values. They follow by themselves afterwards, so that loading again does nothing.</summary>
    /// <exception cref="KeeperConfigurationException">There are none in time, and they are not optional.</exception>
    public override void Load()
    {
        if (_following is not null)
            return;

        _following = Task.Run(FollowAsync);
        try
        {
            // Configuration is loaded synchronously in .NET, before there is anything that this could hold up.
            if (!_first.Task.Wait(_options.StartTimeout) && !_options.Optional)
            {
                throw new KeeperConfigurationException(
                    _path, $"The service did not answer within {_options.StartTimeout.TotalSeconds} s.", _lastFailure);
            }
        }
        catch (Exception exception)
        {
            _stopping.Cancel();
            if (exception is AggregateException { InnerException: KeeperConfigurationException cause })
                throw cause;
            throw;
        }
        lock (_taking)
            _isLoaded = true;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _following?.Wait(StopLimit);
    }

    public override string ToString() => $"znodes below {_path}";

    private async Task FollowAsync()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            while (true)
            {
                try
                {
                    await FollowAsync(await _source.GetAsync(_stopping.Token).ConfigureAwait(false), backoff).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not (OperationCanceledException or ClientClosedException))
                {
                    _lastFailure = exception;
                    LogUnreachable(exception, _path);
                }
                await backoff.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (ClientClosedException exception)
        {
            _first.TrySetException(new KeeperConfigurationException(_path, exception.Message, exception));
            LogNotFollowed(exception, _path);
        }
        finally
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(IKeeperClient client, Backoff backoff)
    {
        await using var watch = await client.OpenWatchAsync(_path, WatchMode.PersistentRecursive, _stopping.Token).ConfigureAwait(false);
        var snapshot = await ReadAsync(client, known: 0).ConfigureAwait(false);
        TakeOver(snapshot.ZNodes);
        backoff.Reset();
        await foreach (var watchEvent in watch.WithCancellation(_stopping.Token).ConfigureAwait(false))
        {
            var isMissed = watchEvent.Type == WatchEventType.Missed;
            if (!isMissed && watchEvent.Zxid <= snapshot.Zxid)
                continue;

            var known = isMissed ? 0 : watchEvent.Zxid;
            snapshot = await ReadAsync(client, known).ConfigureAwait(false);
            TakeOver(snapshot.ZNodes);
        }
    }

    /// <summary>Reads until there is a moment between two changes: half a change is never taken over, however long that takes.</summary>
    private async Task<TreeSnapshot> ReadAsync(IKeeperClient client, long known)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1), TimeProvider.System);
        while (true)
        {
            if (await TreeSnapshot.TryReadAsync(client, _path, known, _stopping.Token).ConfigureAwait(false) is { } snapshot)
                return snapshot;

            LogChangesTooFast(_path);
            await backoff.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
    }

    private void TakeOver(IReadOnlyDictionary<string, ZNodeContent> znodes)
    {
        if (ValuesOf(znodes) is not { } values)
            return;

        bool isReload;
        lock (_taking)
        {
            if (IsSame(Data, values))
            {
                _first.TrySetResult();
                return;
            }
            Data = values;
            isReload = _isLoaded;
        }
        _first.TrySetResult();
        if (isReload)
            OnReload();
    }

    /// <summary>The values; null when those before are to stay.</summary>
    private Dictionary<string, string?>? ValuesOf(IReadOnlyDictionary<string, ZNodeContent> znodes)
    {
        try
        {
            if (znodes.Count == 0 && !_options.Optional)
                throw new KeeperConfigurationException(_path, $"There is no znode {_path}.");

            var parents = znodes.Keys.Where(path => path != ZNodePath.Root).Select(ZNodePath.Parent).ToHashSet(StringComparer.Ordinal);
            var described = znodes.Select(znode => new ConfigurationZNode(znode.Key, znode.Value.Text(), parents.Contains(znode.Key)));
            return ConfigurationValues.Of(_path, described, _options.ParseJson);
        }
        catch (Exception exception) when (exception is FormatException or KeeperConfigurationException)
        {
            LogNotTakenOver(exception, _path);
            if (_options.Optional)
                _first.TrySetResult();
            else
                _first.TrySetException(exception as KeeperConfigurationException ?? new(_path, exception.Message, exception));
            return null;
        }
    }

    private static bool IsSame(IDictionary<string, string?> before, Dictionary<string, string?> now) =>
        before.Count == now.Count && now.All(pair => before.TryGetValue(pair.Key, out var value) && value == pair.Value);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration below {Path} cannot be followed for now; the last values stay")]
    private partial void LogUnreachable(Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is below {Path} changes faster than it can be read; the last values stay until it can")]
    private partial void LogChangesTooFast(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configuration below {Path} is not followed any more; the last values stay")]
    private partial void LogNotFollowed(Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "What is below {Path} now is not taken over; the last values stay")]
    private partial void LogNotTakenOver(Exception exception, string path);
}
