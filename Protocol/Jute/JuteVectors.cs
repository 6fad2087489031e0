namespace OrleansKeeper.Protocol.Jute;

/// <summary>Reads and writes vectors of strings and of records, as arrays.</summary>
public static class JuteVectors
{
    /// <summary>Reads a vector of strings. A null vector is null; a null element, which no client sends, is refused.</summary>
    public static string[]? ReadStrings(this ref JuteReader reader)
    {
        var count = reader.ReadVectorCount(JuteSize.Length);
        if (count <= 0)
            return count < 0 ? null : [];

        var values = new string[count];
        for (var i = 0; i < count; i++)
        {
            var value = reader.ReadString();
            if (value is null)
                JuteFormatException.ThrowNullElement(i);
            values[i] = value;
        }

        return values;
    }

    /// <summary>Reads a vector of records. A null vector is null.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="minimumElementSize">The fewest bytes a record takes.</param>
    public static T[]? ReadRecords<T>(this ref JuteReader reader, int minimumElementSize) where T : IJuteRecord<T>
    {
        var count = reader.ReadVectorCount(minimumElementSize);
        if (count <= 0)
            return count < 0 ? null : [];

        var records = new T[count];
        for (var i = 0; i < count; i++)
            records[i] = T.Read(ref reader);
        return records;
    }

    /// <summary>Writes a vector of strings, or null.</summary>
    public static void WriteStrings(this ref JuteWriter writer, string[]? values)
    {
        writer.WriteVectorCount(values?.Length ?? -1);
        foreach (var value in values.AsSpan())
            writer.WriteString(value);
    }

    /// <summary>Writes a vector of records, or null.</summary>
    public static void WriteRecords<T>(this ref JuteWriter writer, T[]? records) where T : IJuteRecord<T>
    {
        writer.WriteVectorCount(records?.Length ?? -1);
        foreach (ref readonly var record in records.AsSpan())
            record.Write(ref writer);
    }
}
