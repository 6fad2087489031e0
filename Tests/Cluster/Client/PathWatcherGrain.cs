using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Watches;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Uses the silo's client. Its loop runs between the grain's calls, on the grain's own scheduler, so it needs no lock.</summary>
[Orleans.Concurrency.Reentrant]
internal sealed class PathWatcherGrain(IKeeperClient client) : Grain, IPathWatcherGrain
{
    private readonly List<string> _changed = [];
    private readonly SemaphoreSlim _news = new(0);
    private KeeperWatch? _watch;

    public async Task Watch()
    {
        _watch = await client.OpenWatchAsync(this.GetPrimaryKeyString(), WatchMode.PersistentRecursive);
        _ = FollowAsync(_watch);
    }

    public async Task<IReadOnlyList<string>> Changed(int count)
    {
        while (_changed.Count < count)
            await _news.WaitAsync();
        return [.. _changed];
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
    }

    private async Task FollowAsync(KeeperWatch watch)
    {
        var scheduler = TaskScheduler.Current;
        await foreach (var watchEvent in watch)
        {
            Assert.Same(scheduler, TaskScheduler.Current);
            _changed.Add(watchEvent.Path);
            _news.Release();
        }
    }
}
