using System.Buffers.Binary;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.GrainInterfaces;
using OrleansKeeper.GrainInterfaces.Attachments;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Cluster.Client;

/// <summary>
/// Keeps back the answer to a client's request to close its session, so that the client finds the session closed before it hears that; and counts
/// the sessions that are opened.
/// </summary>
internal sealed class CloseGate : IOutgoingGrainCallFilter
{
    private const int OperationOffset = Frames.LengthPrefixBytes + sizeof(int);

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _opens;

    /// <summary>How many sessions were opened.</summary>
    public int Opens => Volatile.Read(ref _opens);

    /// <summary>A cluster with a gate before its clients.</summary>
    public static async Task<(KeeperTestCluster Cluster, CloseGate Gate)> StartAsync()
    {
        var gate = new CloseGate();
        return (await KeeperTestCluster.StartAsync(options => options.ConfigureClient = client => client.AddOutgoingGrainCallFilter(gate)), gate);
    }

    public void Open() => _opened.TrySetResult();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        // Whoever opens another session need not wait for the answer any more: that is what must not happen.
        if (context.MethodName == nameof(ISessionOpenerGrain.Open) && Interlocked.Increment(ref _opens) > 1)
            Open();
        await context.Invoke();
        if (context.MethodName == nameof(ISessionGrain.Submit) && context.Request.GetArgument(0) is RequestBatch batch && IsClose(batch))
            await _opened.Task;
    }

    private static bool IsClose(RequestBatch batch) =>
        (OpCode)BinaryPrimitives.ReadInt32BigEndian(batch.Frames.Span[OperationOffset..]) == OpCode.CloseSession;
}
