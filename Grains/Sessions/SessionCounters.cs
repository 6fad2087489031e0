using OrleansKeeper.Protocol;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>What the operator is shown of a session. Written by the session's threads, read by anybody: figures may be a moment old.</summary>
internal sealed class SessionCounters
{
    private long _received;
    private long _sent;

    public long Received => Volatile.Read(ref _received);

    public long Sent => Volatile.Read(ref _sent);

    public RequestLatency Latency { get; } = new();

    public OpCode LastOperation { get; private set; } = OpCode.CreateSession;

    public int LastXid { get; private set; }

    public long LastZxid { get; private set; } = -1;

    public void CountReceived() => _received++;

    public void CountSent() => _sent++;

    public void CountAnswered(OpCode operation, int xid, long? zxid)
    {
        _sent++;
        LastOperation = operation;
        LastXid = xid;
        if (zxid is { } decided)
            LastZxid = decided;
    }
}
