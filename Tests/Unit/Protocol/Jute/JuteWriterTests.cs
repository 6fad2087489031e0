using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Tests.Unit.Protocol.Jute;

public sealed class JuteWriterTests
{
    [Fact]
    public void WritesEveryPrimitive()
    {
        var bytes = new byte[47];
        var writer = new JuteWriter(bytes);

        writer.WriteByte(0xFE);
        writer.WriteBoolean(true);
        writer.WriteBoolean(false);
        writer.WriteInt(-2);
        writer.WriteLong(0x0102030405060708);
        writer.WriteBuffer([1, 2]);
        writer.WriteBuffer((byte[]?)null);
        writer.WriteBuffer((byte[]?)[]);
        writer.WriteNullBuffer();
        writer.WriteString(null);
        writer.WriteUtf8String("ab"u8);
        writer.WriteVectorCount(-1);

        Assert.Equal(
            "FE0100FFFFFFFE0102030405060708000000020102FFFFFFFF00000000FFFFFFFFFFFFFFFF000000026162FFFFFFFF",
            Convert.ToHexString(bytes));
        Assert.Equal(bytes.Length, writer.Position);
    }

    [Fact]
    public void WritesNothingBeyondItsDestination()
    {
        Assert.ThrowsAny<Exception>(() => new JuteWriter(new byte[3]).WriteInt(1));
        Assert.ThrowsAny<Exception>(() => new JuteWriter(new byte[5]).WriteString("ab"));
        Assert.ThrowsAny<Exception>(() => new JuteWriter(new byte[5]).WriteBuffer([1, 2]));
    }

    [Fact]
    public void SizesAreThoseOfTheValuesWritten()
    {
        Assert.Equal(4, JuteSize.OfString(null));
        Assert.Equal(4, JuteSize.OfString(""));
        Assert.Equal(8, JuteSize.OfString("\U0001F600"));
        Assert.Equal(4, JuteSize.OfBuffer(null));
        Assert.Equal(7, JuteSize.OfBuffer([1, 2, 3]));
        Assert.Equal(4, JuteSize.OfStrings(null));
        Assert.Equal(13, JuteSize.OfStrings(["a", ""]));
    }
}
