using System.Collections.Concurrent;

namespace OrleansKeeper.Tests.Cluster.Recipes;

/// <summary>Keeps back calls to some grains, or their answers, as a network does that is cut.</summary>
internal sealed class Partition : IOutgoingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _cuts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _losses = new(StringComparer.Ordinal);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        var key = context.TargetId.Key.ToString()!;
        await PassAsync(key);
        await context.Invoke();
        await PassAsync(key);
        if (_losses.ContainsKey(key))
            throw new TimeoutException("The answer was lost on its way.");
    }

    /// <summary>Keeps back calls to the grain with this key and their answers, and delivers them when the result is disposed.</summary>
    public IDisposable CutOff(string key) => new Fault(_cuts, key);

    /// <summary>Calls to the grain with this key arrive, but nobody hears the answers, until the result is disposed.</summary>
    public IDisposable LoseAnswers(string key) => new Fault(_losses, key);

    private Task PassAsync(string key) => _cuts.TryGetValue(key, out var cut) ? cut.Task : Task.CompletedTask;

    private sealed class Fault : IDisposable
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _faults;
        private readonly string _key;

        public Fault(ConcurrentDictionary<string, TaskCompletionSource> faults, string key)
        {
            _faults = faults;
            _key = key;
            faults[key] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public void Dispose()
        {
            if (_faults.TryRemove(_key, out var fault))
                fault.SetResult();
        }
    }
}
