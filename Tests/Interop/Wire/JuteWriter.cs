using System.Buffers.Binary;
using System.Text;

namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>
/// Writes Jute records. The interoperability tests encode and decode by themselves, without the server's own Protocol
/// project: a mistake there must not be able to cancel itself out.
/// </summary>
public sealed class JuteWriter
{
    private readonly MemoryStream _stream = new();

    public JuteWriter Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _stream.Write(bytes);
        return this;
    }

    public JuteWriter Long(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _stream.Write(bytes);
        return this;
    }

    public JuteWriter Bool(bool value)
    {
        _stream.WriteByte(value ? (byte)1 : (byte)0);
        return this;
    }

    public JuteWriter Buffer(byte[]? value)
    {
        Int(value?.Length ?? -1);
        return Raw(value ?? []);
    }

    public JuteWriter String(string? value) => Buffer(value is null ? null : Encoding.UTF8.GetBytes(value));

    public JuteWriter Strings(IReadOnlyCollection<string> values)
    {
        Int(values.Count);
        foreach (var value in values)
            String(value);
        return this;
    }

    public JuteWriter Raw(ReadOnlySpan<byte> value)
    {
        _stream.Write(value);
        return this;
    }

    public byte[] ToArray() => _stream.ToArray();
}
