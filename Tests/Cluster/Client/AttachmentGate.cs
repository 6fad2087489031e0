using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>Keeps a client from attaching to its session again for as long as the test likes.</summary>
internal sealed class AttachmentGate : IIncomingGrainCallFilter
{
    private string? _closedTo;
    private TaskCompletionSource _opened = new();

    /// <summary>A cluster with a gate in its silo.</summary>
    public static async Task<(KeeperTestCluster Cluster, AttachmentGate Gate)> StartAsync(Action<KeeperOptions>? configure = null)
    {
        var gate = new AttachmentGate();
        var cluster = await KeeperTestCluster.StartAsync(options =>
        {
            options.ConfigureKeeper = configure ?? (_ => { });
            options.ConfigureSilo = silo => silo.AddIncomingGrainCallFilter(gate);
        });
        return (cluster, gate);
    }

    public void Close(long sessionId)
    {
        _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _closedTo = SessionGrainKey.Of(sessionId);
    }

    public void Open()
    {
        _closedTo = null;
        _opened.SetResult();
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == nameof(ISessionGrain.Attach) && context.TargetId.Key.ToString() == _closedTo)
            await _opened.Task;
        await context.Invoke();
    }
}
