using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.ClientSdk.Requests;

/// <summary>One request of a caller's, from the queue to its answer.</summary>
/// <param name="operation">What is asked for.</param>
/// <param name="path">The znode, as the caller names it; null for none.</param>
internal abstract class KeeperRequest(OpCode operation, string? path)
{
    public OpCode Operation { get; } = operation;

    public string? Path { get; } = path;

    /// <summary>When it was put into the queue, as a timestamp of the client's clock.</summary>
    public long QueuedAt { get; set; }

    /// <summary>The watch that it sets, if it sets one.</summary>
    public IWatchInWaiting? Watch { get; init; }

    /// <summary>Whether it may be asked again when its answer was lost: it changes nothing, or the same again.</summary>
    public bool IsRepeatable => !IsCreation
        && Operation is not (OpCode.Delete or OpCode.SetData or OpCode.SetAcl or OpCode.Multi or OpCode.CloseSession);

    /// <summary>Whether it creates a znode.</summary>
    public bool IsCreation => Operation is OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl;

    /// <summary>Whether its caller has an answer, or has given up.</summary>
    public abstract bool IsCompleted { get; }

    /// <summary>Bytes of its frame.</summary>
    public int FrameSize => Frames.LengthPrefixBytes + RequestHeader.WireSize + BodySize;

    protected abstract int BodySize { get; }

    /// <summary>Writes its frame, and returns how many bytes that took.</summary>
    public int WriteFrame(Span<byte> destination, int xid)
    {
        var writer = new JuteWriter(destination);
        var size = FrameSize;
        writer.WriteInt(size - Frames.LengthPrefixBytes);
        new RequestHeader(xid, Operation).Write(ref writer);
        WriteBody(ref writer);
        return size;
    }

    /// <summary>It was answered.</summary>
    public abstract void Complete(in ReplyHeader header, ReadOnlySpan<byte> body);

    /// <summary>It will not be answered.</summary>
    public abstract void Fail(KeeperException exception);

    protected abstract void WriteBody(ref JuteWriter writer);
}
