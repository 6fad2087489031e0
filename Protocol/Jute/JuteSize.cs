using System.Text;

namespace OrleansKeeper.Protocol.Jute;

/// <summary>How many bytes values take in jute.</summary>
public static class JuteSize
{
    /// <summary>A byte or boolean.</summary>
    public const int Byte = 1;

    /// <summary>An int.</summary>
    public const int Int = 4;

    /// <summary>A long.</summary>
    public const int Long = 8;

    /// <summary>The length or count in front of a string, buffer or vector; all there is of a null one.</summary>
    public const int Length = Int;

    /// <summary>A string with its length.</summary>
    public static int OfString(string? value) => Length + (value is null ? 0 : Encoding.UTF8.GetByteCount(value));

    /// <summary>A buffer with its length.</summary>
    public static int OfBuffer(byte[]? value) => Length + (value?.Length ?? 0);

    /// <summary>A vector of strings with its count.</summary>
    public static int OfStrings(string[]? values)
    {
        var size = Length;
        foreach (var value in values.AsSpan())
            size += OfString(value);
        return size;
    }

    /// <summary>A vector of records with its count.</summary>
    public static int OfRecords<T>(T[]? records) where T : IJuteRecord<T>
    {
        var size = Length;
        foreach (ref readonly var record in records.AsSpan())
            size += record.Size;
        return size;
    }
}
