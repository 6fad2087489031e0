using System.Text;
using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.Tests.Unit.Servers;

public sealed class ServerDescriptionTests
{
    private static readonly ServerAddress Address = ServerAddress.Parse("10.0.0.1:80");

    [Fact]
    public void AddressAloneIsWhatAnyZooKeeperClientWouldWrite() =>
        Assert.Equal("10.0.0.1:80", Encoding.UTF8.GetString(new ServerDescription(Address).Encode()));

    [Fact]
    public void MetadataComesBack()
    {
        var data = new ServerDescription(Address, new Dictionary<string, string> { ["zone"] = "eu-1", ["query"] = "a=b" }).Encode();

        Assert.True(ServerDescription.TryDecode(data, out var description));
        Assert.Equal(Address, description.Address);
        Assert.Equal([("query", "a=b"), ("zone", "eu-1")], description.Metadata.Select(pair => (pair.Key, pair.Value)).Order());
    }

    [Theory]
    [InlineData("10.0.0.1:80\n")]
    [InlineData(" 10.0.0.1:80 \r\nwhatever")]
    public void WhatOthersWroteIsReadWithPatience(string text)
    {
        Assert.True(ServerDescription.TryDecode(Encoding.UTF8.GetBytes(text), out var description));
        Assert.Equal(Address, description.Address);
        Assert.Empty(description.Metadata);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"host\":\"10.0.0.1\"}")]
    [InlineData("\n10.0.0.1:80")]
    public void DataWithoutAnAddressIsNoServer(string text) =>
        Assert.False(ServerDescription.TryDecode(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("", "x")]
    [InlineData("a=b", "x")]
    [InlineData("a\nb", "x")]
    [InlineData("a", "x\ny")]
    public void MetadataThatWouldNotComeBackIsRefused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new ServerDescription(Address, new Dictionary<string, string> { [name] = value }));
}
