namespace OrleansKeeper.Protocol.Jute;

/// <summary>Whole records to and from bytes of their own.</summary>
public static class JuteRecords
{
    /// <summary>The bytes of a record.</summary>
    public static byte[] ToArray<T>(T record) where T : IJuteRecord<T>
    {
        var bytes = new byte[record.Size];
        var writer = new JuteWriter(bytes);
        record.Write(ref writer);
        return bytes;
    }

    /// <summary>Reads a record. Bytes that follow it are ignored, as ZooKeeper does.</summary>
    /// <exception cref="JuteFormatException">The bytes are not such a record.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> source) where T : IJuteRecord<T>
    {
        var reader = new JuteReader(source);
        return T.Read(ref reader);
    }
}
