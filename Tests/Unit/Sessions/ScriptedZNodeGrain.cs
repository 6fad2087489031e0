using System.Collections.Concurrent;
using System.Reflection;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>The grain of every cold znode: whoever asks for one waits until the test says that it is loaded.</summary>
internal sealed class ScriptedZNodeGrain : IZNodeGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _asked = new();
    private TaskCompletionSource _loaded = Pending();

    /// <summary>Finds this grain, whatever is looked for.</summary>
    public IGrainFactory Factory
    {
        get
        {
            var factory = DispatchProxy.Create<IGrainFactory, OnlyGrain>();
            ((OnlyGrain)(object)factory).Grain = this;
            return factory;
        }
    }

    /// <summary>Answers who waits; whoever asks next waits again.</summary>
    public void Loaded() => Interlocked.Exchange(ref _loaded, Pending()).SetResult();

    /// <summary>Returns when a znode has been asked for.</summary>
    public Task WaitUntilAskedAsync(string path) => Asked(path).Task.WaitAsync(Patience);

    public Task EnsureResident() => _loaded.Task;

    public Task EnsureChildrenResident() => throw new NotSupportedException();

    public Task<ZNodeSnapshot?> Get(long leastZxid = 0) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> GetChildren(long leastZxid = 0) => throw new NotSupportedException();

    public Task<long> Create(byte[]? data) => throw new NotSupportedException();

    public Task<ZNodeSnapshot> SetData(byte[]? data, int version = -1) => throw new NotSupportedException();

    public Task<long> Delete(int version = -1) => throw new NotSupportedException();

    private static TaskCompletionSource Pending() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource Asked(string path) => _asked.GetOrAdd(path, _ => Pending());

    private class OnlyGrain : DispatchProxy
    {
        public ScriptedZNodeGrain? Grain { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Grain!.Asked((string)args![0]!).TrySetResult();
            return Grain;
        }
    }
}
