using OrleansKeeper.Grains.Security;

namespace OrleansKeeper.Tests.Unit.Security;

public sealed class IpRangeTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.128.0.0/9", "10.127.255.255", false)]
    [InlineData("10.128.0.0/9", "10.200.0.1", true)]
    [InlineData("1.2.3.4/0", "200.1.1.1", true)]
    [InlineData("10.1.2.3/32", "10.1.2.3", true)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::1", false)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("::1", "0:0:0:0:0:0:0:1", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("10.0.0.0/8", "no address", false)]
    public void RangeContainsWhatSharesItsBits(string range, string address, bool contains) =>
        Assert.Equal(contains, IpRange.Contains(range, address));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("::/129")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("")]
    [InlineData("host")]
    public void OtherTextIsNoRange(string range) => Assert.False(IpRange.IsValid(range));
}
