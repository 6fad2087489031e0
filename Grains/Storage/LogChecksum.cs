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

    /// <summary>Checks a batch that was read against the checksum that was stored with it, and against its predecessor.</summary>
    /// <exception cref="LogCorruptedException">The checksum does not match, or transactions are missing.</exception>
    public static void Verify(string log, in LogBatch batch, long storedChecksum, long previousZxid)
    {
        var checksum = Of(batch.FirstZxid, batch.LastZxid, batch.Payload.Span);
        if (checksum != storedChecksum)
        {
            throw new LogCorruptedException(
                $"{log} is damaged: the batch of zxids 0x{batch.FirstZxid:x} to 0x{batch.LastZxid:x} has the checksum "
                + $"{checksum:x16}, but {storedChecksum:x16} was stored with it.");
        }

        if (!ZxidOrder.Follows(batch.FirstZxid, previousZxid))
            throw LogCorruptedException.MissingBetween(previousZxid, batch.FirstZxid, log);
    }
}
