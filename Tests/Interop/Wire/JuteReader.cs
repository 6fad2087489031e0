using System.Buffers.Binary;
using System.Text;

namespace OrleansKeeper.Tests.Interop.Wire;

/// <summary>Reads Jute records from the body of one packet.</summary>
public sealed class JuteReader(byte[] bytes)
{
    private int _position;

    public int Remaining => bytes.Length - _position;

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public bool Bool() => Take(1)[0] != 0;

    public byte[]? Buffer()
    {
        var length = Int();
        return length < 0 ? null : Take(length).ToArray();
    }

    public string? String() => Buffer() is { } utf8 ? Encoding.UTF8.GetString(utf8) : null;

    public List<T> List<T>(Func<T> element)
    {
        var count = Int();
        var list = new List<T>();
        for (var i = 0; i < count; i++)
            list.Add(element());
        return list;
    }

    public Stat Stat() => new(
        Long(), Long(), Long(), Long(), Int(), Int(), Int(), Long(), Int(), Int(), Long());

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw new InvalidDataException($"The packet ends {count - Remaining} bytes too early.");
        var taken = bytes.AsSpan(_position, count);
        _position += count;
        return taken;
    }
}
