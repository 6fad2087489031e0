using System.Buffers.Binary;

namespace OrleansKeeper.Grains.Storage.Sqlite;

/// <summary>
/// The batches of one row of the log, one behind the other, each behind its first and last zxid, its checksum and its length (big-endian). As many
/// as lie on one page of the file together; a larger batch has a row of its own.
/// </summary>
internal static class LogPage
{
    /// <summary>What a row may hold without needing a second page of the file.</summary>
    public const int Bytes = 8100;

    private const int HeaderBytes = (3 * sizeof(long)) + sizeof(int);
    private const int LastZxidOffset = sizeof(long);
    private const int ChecksumOffset = 2 * sizeof(long);
    private const int LengthOffset = 3 * sizeof(long);

    /// <summary>What a batch takes of a page.</summary>
    public static int BytesOf(in LogBatch batch) => HeaderBytes + batch.Payload.Length;

    /// <summary>The first zxid of a page with batches.</summary>
    public static long FirstZxid(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadInt64BigEndian(page);

    /// <summary>Writes a batch; <paramref name="page"/> has exactly the room for it.</summary>
    public static void Write(Span<byte> page, in LogBatch batch, long checksum)
    {
        BinaryPrimitives.WriteInt64BigEndian(page, batch.FirstZxid);
        BinaryPrimitives.WriteInt64BigEndian(page[LastZxidOffset..], batch.LastZxid);
        BinaryPrimitives.WriteInt64BigEndian(page[ChecksumOffset..], checksum);
        BinaryPrimitives.WriteInt32BigEndian(page[LengthOffset..], batch.Payload.Length);
        batch.Payload.Span.CopyTo(page[HeaderBytes..]);
    }

    /// <summary>Takes the next batch off a page; false when there is none, or what is there is none.</summary>
    /// <param name="page">What is left of the page.</param>
    /// <param name="batch">The batch; its payload is part of the page.</param>
    public static bool TryTake(ref ReadOnlySpan<byte> page, out LoggedBatch batch)
    {
        batch = default;
        if (page.Length < HeaderBytes)
            return false;

        var length = BinaryPrimitives.ReadInt32BigEndian(page[LengthOffset..]);
        if (length < 0 || length > page.Length - HeaderBytes)
            return false;

        batch = new LoggedBatch(
            BinaryPrimitives.ReadInt64BigEndian(page),
            BinaryPrimitives.ReadInt64BigEndian(page[LastZxidOffset..]),
            BinaryPrimitives.ReadInt64BigEndian(page[ChecksumOffset..]),
            page.Slice(HeaderBytes, length));
        page = page[(HeaderBytes + length)..];
        return true;
    }

    /// <summary>The last zxid of the last batch on a page that ends at or before a zxid; null when there is none.</summary>
    public static long? LastUpTo(ReadOnlySpan<byte> page, long zxid)
    {
        long? last = null;
        while (TryTake(ref page, out var batch) && batch.LastZxid <= zxid)
            last = batch.LastZxid;
        return last;
    }
}
