using System.Text;
using OrleansKeeper.Protocol.Jute;

namespace OrleansKeeper.Tests.Unit.Protocol.Jute;

public sealed class JuteStringTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/plain/path")]
    [InlineData("\u0000\u007F")]
    [InlineData("\u00E9\u20AC")]
    [InlineData("/\U0001F600/a")]
    public void IsWrittenAsUtf8AndReadBack(string value)
    {
        var bytes = Write(value);

        Assert.Equal(Encoding.UTF8.GetBytes(value), bytes[JuteSize.Length..]);
        Assert.Equal(value, new JuteReader(bytes).ReadString());
    }

    /// <summary>The expected values are those of Java's own decoder, which .NET's differs from where surrogates are encoded.</summary>
    [Theory]
    [InlineData("EDA0BDEDB880", "\uFFFD\uFFFD")]
    [InlineData("F09F9880EDA0BD", "\U0001F600\uFFFD")]
    [InlineData("EDA0EDB880", "\uFFFD\uFFFD")]
    [InlineData("EDAF80ED", "\uFFFD\uFFFD")]
    [InlineData("EDA0BD41", "\uFFFDA")]
    [InlineData("EDA041", "\uFFFDA")]
    [InlineData("EDBFBF", "\uFFFD")]
    [InlineData("EDA0", "\uFFFD")]
    [InlineData("EDBF", "\uFFFD")]
    [InlineData("ED9F", "\uFFFD")]
    [InlineData("EDC3A9", "\uFFFD\u00E9")]
    [InlineData("ED", "\uFFFD")]
    [InlineData("C080", "\uFFFD\uFFFD")]
    [InlineData("E08080", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("E141", "\uFFFDA")]
    [InlineData("F0908041", "\uFFFDA")]
    [InlineData("F09041", "\uFFFDA")]
    [InlineData("F4908080", "\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("F8888080", "\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("F09F98", "\uFFFD")]
    [InlineData("61C3", "a\uFFFD")]
    [InlineData("80", "\uFFFD")]
    [InlineData("FF41", "\uFFFDA")]
    public void MalformedIsReadAsJavaDoes(string hex, string expected) => Assert.Equal(expected, Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(100)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(100_000)]
    public void MalformedMayBeOfAnyLength(int length)
    {
        var utf8 = new byte[length];
        utf8.AsSpan().Fill(0xFF);

        Assert.Equal(new string('\uFFFD', length), Read(utf8));
    }

    [Fact]
    public void LoneSurrogateIsWrittenAsReplacementCharacterOfTheSizeComputed()
    {
        var bytes = Write("a\uD83D");

        Assert.Equal("a\uFFFD", new JuteReader(bytes).ReadString());
    }

    private static byte[] Write(string value)
    {
        var bytes = new byte[JuteSize.OfString(value)];
        var writer = new JuteWriter(bytes);
        writer.WriteString(value);
        Assert.Equal(bytes.Length, writer.Position);
        return bytes;
    }

    private static string? Read(byte[] utf8)
    {
        var bytes = new byte[JuteSize.Length + utf8.Length];
        new JuteWriter(bytes).WriteUtf8String(utf8);
        return new JuteReader(bytes).ReadString();
    }
}
