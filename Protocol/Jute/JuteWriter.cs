using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrleansKeeper.Protocol.Jute;

/// <summary>
/// Writes jute, ZooKeeper's serialization, into a span whose size the caller computed before from <see cref="JuteSize"/> or
/// <see cref="IJuteWritable.Size"/>. A span too short is a mistake of the caller and throws as such.
/// Supplementary characters are written as plain UTF-8, which every client reads, rather than as the Java client's CESU-8.
/// </summary>
/// <param name="destination">Where to write.</param>
public ref struct JuteWriter(Span<byte> destination)
{
    private const int NullLength = -1;

    private readonly Span<byte> _destination = destination;
    private int _position;

    /// <summary>The number of bytes written so far.</summary>
    public readonly int Position => _position;

    /// <summary>Writes one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value) => _destination[_position++] = value;

    /// <summary>Writes one byte, 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_destination[_position..], value);
        _position += JuteSize.Int;
    }

    /// <summary>Writes eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteLong(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_destination[_position..], value);
        _position += JuteSize.Long;
    }

    /// <summary>Writes a buffer that is not null.</summary>
    public void WriteBuffer(ReadOnlySpan<byte> value)
    {
        WriteInt(value.Length);
        value.CopyTo(_destination[_position..]);
        _position += value.Length;
    }

    /// <summary>Writes a buffer, or null.</summary>
    public void WriteBuffer(byte[]? value)
    {
        if (value is null)
            WriteNullBuffer();
        else
            WriteBuffer(value.AsSpan());
    }

    /// <summary>Writes the null buffer, which is also the null string.</summary>
    public void WriteNullBuffer() => WriteInt(NullLength);

    /// <summary>Writes a string, or null.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteNullBuffer();
            return;
        }

        var length = Encoding.UTF8.GetBytes(value, _destination[(_position + JuteSize.Int)..]);
        WriteInt(length);
        _position += length;
    }

    /// <summary>Writes a string that is UTF-8 already.</summary>
    public void WriteUtf8String(ReadOnlySpan<byte> value) => WriteBuffer(value);

    /// <summary>Writes bytes that are jute already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(_destination[_position..]);
        _position += encoded.Length;
    }

    /// <summary>Writes the count of a vector's elements, or -1 for a null vector.</summary>
    public void WriteVectorCount(int count) => WriteInt(count);
}
