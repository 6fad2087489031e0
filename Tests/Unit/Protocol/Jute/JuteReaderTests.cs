using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Tests.Unit.Protocol.Jute;

public sealed class JuteReaderTests
{
    [Fact]
    public void ReadsNumbersBigEndian()
    {
        var reader = new JuteReader([0x80, 0x01, 0x02, 0x03, 0x04, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]);

        Assert.Equal(0x80, reader.ReadByte());
        Assert.Equal(0x01020304, reader.ReadInt());
        Assert.Equal(-2, reader.ReadLong());
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(0xFF, true)]
    public void ReadsAnyByteButZeroAsTrue(byte value, bool expected) => Assert.Equal(expected, new JuteReader([value]).ReadBoolean());

    [Fact]
    public void TellsHowFarItIs()
    {
        var reader = new JuteReader([0, 0, 0, 1, 7, 8, 9]);

        Assert.Equal([7], reader.ReadBuffer());
        Assert.Equal(5, reader.Position);
        Assert.Equal(2, reader.Remaining);
        Assert.Equal([8, 9], reader.Unread.ToArray());
    }

    [Fact]
    public void TellsNullFromEmpty()
    {
        var reader = new JuteReader([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]);

        Assert.Null(reader.ReadBuffer());
        Assert.Equal("", reader.ReadString());
        Assert.True(reader.ReadStringSpan(out var isNull).IsEmpty);
        Assert.True(isNull);
        Assert.True(reader.ReadBufferSpan(out isNull).IsEmpty);
        Assert.False(isNull);
        Assert.Equal(-1, reader.ReadVectorCount());
    }

    [Fact]
    public void RefusesANullInAVectorOfStrings()
    {
        byte[] bytes = [0, 0, 0, 2, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];

        var failure = Assert.Throws<JuteFormatException>(() => ReadStrings(bytes));
        Assert.Contains("Element 1", failure.Message);
    }

    [Fact]
    public void TakesACountThatJustFits()
    {
        Assert.Equal(2, new JuteReader([0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]).ReadVectorCount(4));
        Assert.Throws<JuteFormatException>(() => new JuteReader([0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]).ReadVectorCount(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new JuteReader([0, 0, 0, 0]).ReadVectorCount(0));
    }

    public static TheoryData<int> HostileLengths() => [int.MaxValue, int.MaxValue - 3, 100_000_000, 33, -2, int.MinValue];

    [Theory]
    [MemberData(nameof(HostileLengths))]
    public void RefusesAHostileLengthBeforeAllocating(int length)
    {
        var bytes = new byte[36];
        new JuteWriter(bytes).WriteInt(length);
        Action[] reads =
        [
            () => new JuteReader(bytes).ReadBuffer(),
            () => new JuteReader(bytes).ReadBufferSpan(out _),
            () => new JuteReader(bytes).ReadString(),
            () => new JuteReader(bytes).ReadStringSpan(out _),
            () => new JuteReader(bytes).ReadVectorCount(),
            () => ReadStrings(bytes),
            () => ReadAcl(bytes),
        ];

        foreach (var read in reads)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var failure = Record.Exception(read);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.IsType<JuteFormatException>(failure);
            Assert.Contains($"= {length} ", failure.Message);
            Assert.InRange(allocated, 0, 256 * 1024);
        }
    }

    [Fact]
    public void ReadsSpansWithoutAllocating()
    {
        byte[] bytes = [0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 9];
        var total = ReadSpans(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = ReadSpans(bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(12, total);
        Assert.Equal(total, again);
        Assert.Equal(0, allocated);
    }

    private static string[]? ReadStrings(ReadOnlySpan<byte> bytes)
    {
        var reader = new JuteReader(bytes);
        return reader.ReadStrings();
    }

    private static Acl[]? ReadAcl(ReadOnlySpan<byte> bytes)
    {
        var reader = new JuteReader(bytes);
        return reader.ReadRecords<Acl>(Acl.MinimumWireSize);
    }

    private static long ReadSpans(ReadOnlySpan<byte> bytes)
    {
        var reader = new JuteReader(bytes);
        return reader.ReadBufferSpan(out _).Length + reader.ReadLong();
    }
}
