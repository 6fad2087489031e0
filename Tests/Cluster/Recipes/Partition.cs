using System.Collections.Concurrent;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>
/// Holds up calls to some grains, and their answers: what a network does that is cut, and delivers what it kept when it is whole again.
/// </summary>
internal sealed class Partition : IOutgoingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _cuts = new(StringComparer.Ordinal);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString()!;
        await PassAsync(key);
        await context.Invoke();
        await PassAsync(key);
    }

    /// <summary>Cuts off the grain with this key, until the result is disposed.</summary>
    public IDisposable CutOff(string key)
    {
        _cuts[key] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Cut(this, key);
    }

    private Task PassAsync(string key) => _cuts.TryGetValue(key, out var cut) ? cut.Task : Task.CompletedTask;

    private sealed class Cut(Partition partition, string key) : IDisposable
    {
        public void Dispose()
        {
            if (partition._cuts.TryRemove(key, out var cut))
                cut.SetResult();
        }
    }
}
