using OrleansKeeper.Grains.Security;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Unit.Security;

public sealed class AccessControlTests
{
    private static readonly Id Ann = new("digest", "ann:1");
    private static readonly Id Bob = new("digest", "bob:2");
    private static readonly Id Address = new("ip", "10.1.2.3");

    [Fact]
    public void AnyEntryWithAnyOfThePermissionsIsEnough()
    {
        var list = AccessControlList.Of([new(Permissions.Read, Ann), new(Permissions.Write, Bob), new(Permissions.Create, Id.Anyone)]);

        Assert.True(AccessControl.Allows(list, Permissions.Read, [Address, Ann]));
        Assert.False(AccessControl.Allows(list, Permissions.Read, [Address, Bob]));
        Assert.True(AccessControl.Allows(list, Permissions.Read | Permissions.Write, [Bob]));
        Assert.True(AccessControl.Allows(list, Permissions.Create, []));
        Assert.False(AccessControl.Allows(list, Permissions.Delete, [Ann, Bob]));
    }

    [Fact]
    public void SuperMayDoEverything() =>
        Assert.True(AccessControl.Allows(AccessControlList.Of([new(Permissions.None, Ann)]), Permissions.Admin, [new Id("super", "")]));

    [Fact]
    public void EmptyListForbidsNothing() => Assert.True(AccessControl.Allows(AccessControlList.Of([]), Permissions.Admin, []));

    [Fact]
    public void EntryOfAnAddressRangeIsForTheAddressesInIt()
    {
        var list = AccessControlList.Of([new(Permissions.Read, new Id("ip", "10.1.0.0/16"))]);

        Assert.True(AccessControl.Allows(list, Permissions.Read, [Address]));
        Assert.False(AccessControl.Allows(list, Permissions.Read, [new Id("ip", "10.2.0.1")]));
        Assert.False(AccessControl.Allows(list, Permissions.Read, [new Id("digest", "10.1.2.3")]));
    }

    [Fact]
    public void FixingKeepsValidEntriesOnceInTheirOrder()
    {
        Acl[] entries = [new(Permissions.Read, Bob), new(Permissions.All, Id.Anyone), new(Permissions.Read, Bob), new((Permissions)64, new("ip", "::1/64"))];

        Assert.Equal([entries[0], entries[1], entries[3]], AccessControl.Fix(entries, [])!.Entries.ToArray());
    }

    [Fact]
    public void AuthStandsForEverybodyThatTheConnectionAuthenticatedAs()
    {
        var entry = new Acl(Permissions.Read, new Id("auth", "whatever"));

        Assert.Equal([new Acl(Permissions.Read, Ann), new(Permissions.Read, Bob)], AccessControl.Fix([entry], [Address, Ann, Bob])!.Entries.ToArray());
        Assert.Null(AccessControl.Fix([entry], [Address]));
    }

    [Fact]
    public void ListOfEverybodyIsOneObject() =>
        Assert.Same(AccessControlList.OpenUnsafe, AccessControl.Fix([.. Acls.OpenUnsafe], []));

    public static TheoryData<string?, string?> InvalidIds => new()
    {
        { "world", "somebody" }, { "digest", "nocolon" }, { "digest", "two:co:lons" }, { "ip", "10.0.0.300" }, { "ip", "10.0.0.0/33" },
        { "unknown", "x" }, { null, "x" }, { "world", null }, { "super", "" },
    };

    [Theory]
    [MemberData(nameof(InvalidIds))]
    public void OneInvalidEntryMakesTheListInvalid(string? scheme, string? identity) =>
        Assert.Null(AccessControl.Fix([new(Permissions.All, Id.Anyone), new(Permissions.All, new Id(scheme, identity))], [Ann]));

    [Fact]
    public void NoListIsInvalid()
    {
        Assert.Null(AccessControl.Fix(null, [Ann]));
        Assert.Null(AccessControl.Fix([], [Ann]));
    }

    [Fact]
    public void HashesOfPasswordsAreMasked()
    {
        var list = AccessControlList.Of([new(Permissions.All, Ann), new(Permissions.Read, Id.Anyone)]);

        Assert.Equal([new Acl(Permissions.All, new("digest", "ann:x")), new(Permissions.Read, Id.Anyone)], AccessControl.WithoutDigests(list));
    }
}
