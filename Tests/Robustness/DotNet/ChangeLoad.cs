using System.Collections.Concurrent;
using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.DotNet;

/// <summary>Clients that create, change and delete znodes as fast as they can, and remember what the service acknowledged.</summary>
internal sealed class ChangeLoad : IAsyncDisposable
{
    private const int Writers = 8;

    private readonly CancellationTokenSource _stop = new();
    private readonly KeeperClient _client;
    private readonly string _root;
    private readonly Task[] _writers;
    private int _count;
    private int _unknown;

    public ChangeLoad(KeeperClient client, string root)
    {
        _client = client;
        _root = root;
        _writers = [.. Enumerable.Range(0, Writers).Select(number => Task.Run(() => RunAsync(number)))];
    }

    /// <summary>The changes that were acknowledged, but for deletions, whose replies name no transaction.</summary>
    public ConcurrentBag<WatchEvent> Acknowledged { get; } = [];

    /// <summary>Number of changes whose outcome nobody told.</summary>
    public int Unknown => Volatile.Read(ref _unknown);

    /// <summary>Returns when so many more changes were acknowledged.</summary>
    public async Task MakeProgressAsync(int changes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var target = Volatile.Read(ref _count) + changes; Volatile.Read(ref _count) < target;)
        {
            if (await Task.WhenAny([Task.Delay(5, limit.Token), .. _writers]) is { IsFaulted: true } failed)
                await failed;
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writers);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(int writer)
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var path = $"{_root}/{writer}-{i}";
            if (await TryAsync(async () => (await _client.CreateAsync(path)).Stat.Czxid, WatchEventType.NodeCreated, path))
                await TryAsync(async () => (await _client.SetDataAsync(path, new byte[20])).Mzxid, WatchEventType.NodeDataChanged, path);
            if (i % 2 == 0)
                await TryAsync(() => DeleteAsync(path), null, path);
        }
    }

    private async Task<long> DeleteAsync(string path)
    {
        await _client.DeleteAsync(path);
        return 0;
    }

    private async Task<bool> TryAsync(Func<Task<long>> change, WatchEventType? type, string path)
    {
        try
        {
            var zxid = await change();
            if (type is { } known)
                Acknowledged.Add(new WatchEvent(known, path, zxid));
            Interlocked.Increment(ref _count);
            return true;
        }
        catch (ConnectionLostException exception)
        {
            if (exception.Outcome == OperationOutcome.Unknown)
                Interlocked.Increment(ref _unknown);
        }
        catch (NoNodeException)
        {
            // Its creation is one of those that are unknown, and did not happen.
        }

        return false;
    }
}
