using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OrleansKeeper.Protocol.Jute;

/// <summary>
/// Reads jute, ZooKeeper's serialization: big-endian numbers, and strings, buffers and vectors behind an int length where -1 is null.
/// No length from the wire is trusted: each is checked against the bytes that are left before anything is allocated for it.
/// Every failure is a <see cref="JuteFormatException"/>, after which the reader must not be used again.
/// </summary>
/// <param name="source">The bytes to read. Bytes after the last record read are left alone, as ZooKeeper does.</param>
public ref struct JuteReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private int _position;

    /// <summary>The number of bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>The number of bytes left.</summary>
    public readonly int Remaining => _source.Length - _position;

    /// <summary>The bytes left.</summary>
    public readonly ReadOnlySpan<byte> Unread => _source[_position..];

    /// <summary>Passes over bytes that were looked at through <see cref="Unread"/>.</summary>
    public void Skip(int count) => Take(count);

    /// <summary>Reads one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte() => Take(1)[0];

    /// <summary>Reads one byte; anything but zero is true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadBoolean() => Take(1)[0] != 0;

    /// <summary>Reads four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadInt() => BinaryPrimitives.ReadInt32BigEndian(Take(JuteSize.Int));

    /// <summary>Reads eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong() => BinaryPrimitives.ReadInt64BigEndian(Take(JuteSize.Long));

    /// <summary>Reads a buffer into an array of its own.</summary>
    public byte[]? ReadBuffer()
    {
        var span = ReadBufferSpan(out var isNull);
        return isNull ? null : span.ToArray();
    }

    /// <summary>Reads a buffer without copying it.</summary>
    /// <param name="isNull">Whether the buffer is null, which the empty span alone does not tell.</param>
    public ReadOnlySpan<byte> ReadBufferSpan(out bool isNull)
    {
        var length = ReadInt();
        isNull = length == -1;
        if (isNull)
            return default;
        if ((uint)length > (uint)Remaining)
            JuteFormatException.ThrowLength(length, Remaining);
        return Take(length);
    }

    /// <summary>Reads a string. Bytes that are not UTF-8 become U+FFFD in the way of Java's decoder.</summary>
    public string? ReadString()
    {
        var utf8 = ReadBufferSpan(out var isNull);
        return isNull ? null : JuteString.Decode(utf8);
    }

    /// <summary>Reads the bytes of a string, which may not be valid UTF-8, without decoding them.</summary>
    /// <param name="isNull">Whether the string is null, which the empty span alone does not tell.</param>
    public ReadOnlySpan<byte> ReadStringSpan(out bool isNull) => ReadBufferSpan(out isNull);

    /// <summary>Reads the count of a vector's elements, or -1 for a null vector.</summary>
    /// <param name="minimumElementSize">The fewest bytes an element takes; a count that could not fit in what is left is refused.</param>
    public int ReadVectorCount(int minimumElementSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumElementSize);
        var count = ReadInt();
        if (count < -1 || count > Remaining / minimumElementSize)
            JuteFormatException.ThrowCount(count, Remaining);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            JuteFormatException.ThrowTruncated(count, Remaining);
        var taken = _source.Slice(_position, count);
        _position += count;
        return taken;
    }
}
