using System.Net;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.Tests.Unit.Servers;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1", 80)]
    [InlineData("shop.example:65535", "shop.example", 65535)]
    [InlineData("[::1]:443", "::1", 443)]
    public void AddressIsReadAndWrittenBack(string text, string host, int port)
    {
        var address = ServerAddress.Parse(text);

        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1")]
    [InlineData(":80")]
    [InlineData("10.0.0.1:")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:-1")]
    [InlineData("10.0.0.1: 80")]
    [InlineData("::1:443")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("http://10.0.0.1:80")]
    [InlineData("a b:80")]
    public void TextThatIsNoAddressIsRefused(string text)
    {
        Assert.False(ServerAddress.TryParse(text, out _));
        var exception = Assert.Throws<FormatException>(() => ServerAddress.Parse(text));
        Assert.Contains($"\"{text}\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SocketsGetWhatTheyUnderstand()
    {
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 80), ServerAddress.Parse("[::1]:80").ToEndPoint());
        Assert.Equal(new DnsEndPoint("shop.example", 80), ServerAddress.Parse("shop.example:80").ToEndPoint());
    }
}
