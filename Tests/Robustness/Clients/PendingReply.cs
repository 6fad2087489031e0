namespace OrleansKeeper.Tests.Robustness.Clients;

/// <summary>A request that was sent, or is about to be, and waits for its answer.</summary>
internal sealed class PendingReply(int xid)
{
    public int Xid { get; } = xid;

    public TaskCompletionSource<Reply> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
