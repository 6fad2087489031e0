using System.Buffers.Binary;
using System.IO.Hashing;

namespace OrleansKeeper.Grains.Storage;

/// <summary>What a row of the log is checked against when it is read: it covers the zxids as well as the payload.</summary>
internal static class LogChecksum
{
    public static long Of(long firstZxid, long lastZxid, ReadOnlySpan<byte> payload)
    {
        Span<byte> zxids = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(zxids, firstZxid);
        BinaryPrimitives.WriteInt64LittleEndian(zxids[sizeof(long)..], lastZxid);
        return unchecked((long)XxHash3.HashToUInt64(payload, (long)XxHash3.HashToUInt64(zxids)));
    }
}
