using System.Reflection;
using OrleansKeeper.GrainInterfaces;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>The grain of a cold znode: whoever asks for it waits until the test says that it is loaded.</summary>
internal sealed class ScriptedZNodeGrain : IZNodeGrain
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    public void Loaded() => _loaded.TrySetResult();

    public Task EnsureResident() => _loaded.Task;

    public Task EnsureChildrenResident() => throw new NotSupportedException();

    public Task<ZNodeSnapshot?> Get(long leastZxid = 0) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> GetChildren(long leastZxid = 0) => throw new NotSupportedException();

    public Task<long> Create(byte[]? data) => throw new NotSupportedException();

    public Task<ZNodeSnapshot> SetData(byte[]? data, int version = -1) => throw new NotSupportedException();

    public Task<long> Delete(int version = -1) => throw new NotSupportedException();

    private class OnlyGrain : DispatchProxy
    {
        public IZNodeGrain? Grain { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
    }
}
