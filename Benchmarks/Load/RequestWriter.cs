using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>Writes framed requests from paths that are already encoded, without allocating.</summary>
internal static class RequestWriter
{
    /// <summary>What a request takes at most beyond its path and data.</summary>
    public const int MostOverhead = 96;

    public static int Create(Span<byte> destination, int xid, ReadOnlySpan<byte> path, ReadOnlySpan<byte> data, CreateMode mode)
    {
        var writer = Begin(destination, xid, OpCode.Create);
        writer.WriteUtf8String(path);
        writer.WriteBuffer(data);
        writer.WriteVectorCount(1);
        writer.WriteInt((int)Permissions.All);
        writer.WriteUtf8String("world"u8);
        writer.WriteUtf8String("anyone"u8);
        writer.WriteInt((int)mode);
        return End(destination, writer.Position);
    }

    public static int Read(Span<byte> destination, int xid, OpCode opCode, ReadOnlySpan<byte> path)
    {
        var writer = Begin(destination, xid, opCode);
        writer.WriteUtf8String(path);
        writer.WriteBoolean(false);
        return End(destination, writer.Position);
    }

    public static int SetData(Span<byte> destination, int xid, ReadOnlySpan<byte> path, ReadOnlySpan<byte> data)
    {
        var writer = Begin(destination, xid, OpCode.SetData);
        writer.WriteUtf8String(path);
        writer.WriteBuffer(data);
        writer.WriteInt(-1);
        return End(destination, writer.Position);
    }

    public static int Delete(Span<byte> destination, int xid, ReadOnlySpan<byte> path)
    {
        var writer = Begin(destination, xid, OpCode.Delete);
        writer.WriteUtf8String(path);
        writer.WriteInt(-1);
        return End(destination, writer.Position);
    }

    public static int HeaderOnly(Span<byte> destination, int xid, OpCode opCode) =>
        End(destination, Begin(destination, xid, opCode).Position);

    private static JuteWriter Begin(Span<byte> destination, int xid, OpCode opCode)
    {
        var writer = new JuteWriter(destination);
        writer.WriteInt(0);
        writer.WriteInt(xid);
        writer.WriteInt((int)opCode);
        return writer;
    }

    private static int End(Span<byte> destination, int written)
    {
        var prefix = new JuteWriter(destination);
        prefix.WriteInt(written - Frames.LengthPrefixBytes);
        return written;
    }
}
