using System.Buffers;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Grains.Sessions;

/// <summary>Writes replies and events as frames, straight into the output.</summary>
internal static class ReplyWriter
{
    /// <summary>A reply that is a header alone: a success without a body, or an error.</summary>
    public static void WriteHeader(IBufferWriter<byte> output, int xid, long zxid, ErrorCode error)
    {
        var header = new ReplyHeader(xid, zxid, error);
        output.Advance(Frames.Write(output.GetSpan(Frames.SizeOf(header)), header));
    }

    public static void Write<TBody>(IBufferWriter<byte> output, int xid, long zxid, in TBody body)
        where TBody : IJuteWritable
    {
        var header = new ReplyHeader(xid, zxid, ErrorCode.Ok);
        output.Advance(Frames.Write(output.GetSpan(Frames.SizeOf(header, body)), header, body));
    }

    /// <summary>An event: a reply that answers no request.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, long zxid, WatcherEventType type, string path) =>
        Write(output, WellKnownXids.Notification, zxid, new WatcherEvent(type, KeeperState.SyncConnected, path));

    /// <summary>An event, in bytes of its own.</summary>
    public static byte[] EncodeEvent(long zxid, WatcherEventType type, string path)
    {
        var header = new ReplyHeader(WellKnownXids.Notification, zxid, ErrorCode.Ok);
        var body = new WatcherEvent(type, KeeperState.SyncConnected, path);
        var frame = new byte[Frames.SizeOf(header, body)];
        Frames.Write(frame, header, body);
        return frame;
    }
}
