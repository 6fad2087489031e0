using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Tests.Unit.Protocol.Messages;

/// <summary>A record with the type forgotten, so that one test can go through all of them.</summary>
public sealed record RecordSample(object Record, int Size, byte[] Bytes, Func<byte[], object> Parse, Func<byte[], byte[]> ParseAndWrite)
{
    public static RecordSample Of<T>(T record) where T : IJuteRecord<T> => new(
        record,
        record.Size,
        JuteRecords.ToArray(record),
        bytes => JuteRecords.Parse<T>(bytes),
        bytes => JuteRecords.ToArray(JuteRecords.Parse<T>(bytes)));
}
