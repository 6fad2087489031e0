using OrleansKeeper.Grains.Security;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Security;

public sealed class AuthenticationTests
{
    private const string SuperDigest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";

    [Fact]
    public void DigestIsZooKeepers() => Assert.Equal(SuperDigest, Authentication.DigestOf("super:test"));

    [Fact]
    public void WhoeverKnowsTheSuperPasswordIsSuper()
    {
        Assert.Equal([new Id("super", ""), new Id("digest", SuperDigest)], Authentication.Authenticate("digest", "super:test"u8, SuperDigest)!);
        Assert.Equal([new Id("digest", SuperDigest)], Authentication.Authenticate("digest", "super:test"u8, "")!);
        Assert.Equal("digest", Assert.Single(Authentication.Authenticate("digest", "super:other"u8, SuperDigest)!).Scheme);
    }

    [Theory]
    [InlineData("ip")]
    [InlineData("sasl")]
    [InlineData(null)]
    public void OtherSchemesProveNothing(string? scheme) => Assert.Null(Authentication.Authenticate(scheme, "a:b"u8, ""));
}
