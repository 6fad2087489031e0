using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Protocol;

/// <summary>
/// Everything on a connection, both ways and from its first byte, is a frame: an int length that does not count itself, then as many
/// bytes. Requests and replies are a header and a body; the two records of the handshake have no header.
/// </summary>
public static class Frames
{
    /// <summary>The size of the length in front of a frame.</summary>
    public const int LengthPrefixBytes = 4;

    /// <summary>The size of a frame of one record, its length prefix included.</summary>
    public static int SizeOf<T>(in T record) where T : IJuteWritable => LengthPrefixBytes + record.Size;

    /// <summary>The size of a frame of a header and a body, its length prefix included.</summary>
    public static int SizeOf<THeader, TBody>(in THeader header, in TBody body)
        where THeader : IJuteWritable
        where TBody : IJuteWritable => LengthPrefixBytes + header.Size + body.Size;

    /// <summary>Writes a frame of one record, and returns how many bytes that took.</summary>
    public static int Write<T>(Span<byte> destination, in T record) where T : IJuteWritable
    {
        var writer = new JuteWriter(destination);
        writer.WriteInt(0);
        record.Write(ref writer);
        return Complete(destination, writer.Position);
    }

    /// <summary>Writes a frame of a header and a body, and returns how many bytes that took.</summary>
    public static int Write<THeader, TBody>(Span<byte> destination, in THeader header, in TBody body)
        where THeader : IJuteWritable
        where TBody : IJuteWritable
    {
        var writer = new JuteWriter(destination);
        writer.WriteInt(0);
        header.Write(ref writer);
        body.Write(ref writer);
        return Complete(destination, writer.Position);
    }

    // The length goes in last: it is known by then without a second look at every string.
    private static int Complete(Span<byte> destination, int written)
    {
        var prefix = new JuteWriter(destination);
        prefix.WriteInt(written - LengthPrefixBytes);
        return written;
    }
}
