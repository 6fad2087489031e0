using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using static OrleansKeeper.Tests.Unit.Sequencing.ValidationFixture;

namespace OrleansKeeper.Tests.Unit.Sequencing;

/// <summary>
/// Each case is wrong in at least two ways, neighbours in ZooKeeper's order of checks: the error says which was looked at first.
/// Each is tried against what is ordered but not applied, and against what is applied.
/// </summary>
public sealed class ValidationOrderTests
{
    private const int Undefined = 9;

    private static readonly Acl[] Open = [.. Acls.OpenUnsafe];
    private static readonly Acl[] ReadOnly = [.. Acls.ReadUnsafe];

    private static readonly Dictionary<string, (OpCode Operation, byte[] Body, long Session, ErrorCode Error)> Cases = new()
    {
        ["create: flags before ttl"] = (OpCode.CreateTtl, Ttl("/x", Undefined, 0), ClosedSession, ErrorCode.BadArguments),
        ["create: ttl flags need a ttl, before session"] = (OpCode.Create, Create("/x", 5), ClosedSession, ErrorCode.BadArguments),
        ["create: ttl 0, before session"] = (OpCode.CreateTtl, Ttl("/x", 5, 0), ClosedSession, ErrorCode.BadArguments),
        ["create: ttl too long, before session"] = (OpCode.CreateTtl, Ttl("/x", 6, 0x100_0000_0000), ClosedSession, ErrorCode.BadArguments),
        ["create: ttl without flags, before session"] = (OpCode.CreateTtl, Ttl("/x", 0, 1), ClosedSession, ErrorCode.BadArguments),
        ["create: session before path"] = (OpCode.Create, Create("noslash"), ClosedSession, ErrorCode.SessionExpired),
        ["create: slash before list"] = (OpCode.Create, Create("noslash", acl: []), Session, ErrorCode.BadArguments),
        ["create: NUL before list"] = (OpCode.Create, Create("/a\0", acl: []), Session, ErrorCode.BadArguments),
        ["create: list before parent"] = (OpCode.Create, Create("/missing/x", acl: []), Session, ErrorCode.InvalidAcl),
        ["create: parent before path"] = (OpCode.Create, Create("/missing/.."), Session, ErrorCode.NoNode),
        ["create: empty name of a parent is no node"] = (OpCode.Create, Create("/open//x"), Session, ErrorCode.NoNode),
        ["create: permission before path"] = (OpCode.Create, Create("/readonly/.."), Session, ErrorCode.NoAuth),
        ["create: permission before existence"] = (OpCode.Create, Create("/readonly/child"), Session, ErrorCode.NoAuth),
        ["create: path"] = (OpCode.Create, Create("/open/.."), Session, ErrorCode.BadArguments),
        ["create: slash at the end"] = (OpCode.Create, Create("/open/"), Session, ErrorCode.BadArguments),
        ["create: path before ephemeral parent"] = (OpCode.Create, Create("/ephemeral/\u0001"), Session, ErrorCode.BadArguments),
        ["create: the root exists"] = (OpCode.Create, Create("/"), Session, ErrorCode.NodeExists),
        ["create: exists"] = (OpCode.Create, Create("/open/child"), Session, ErrorCode.NodeExists),
        ["create: ephemeral parent"] = (OpCode.Create, Create("/ephemeral/x"), Session, ErrorCode.NoChildrenForEphemerals),
        ["delete: session before path"] = (OpCode.Delete, Delete("/"), ClosedSession, ErrorCode.SessionExpired),
        ["delete: the root"] = (OpCode.Delete, Delete("/"), Session, ErrorCode.BadArguments),
        ["delete: a protected znode before its parent"] = (OpCode.Delete, Delete("/zookeeper/quota"), Session, ErrorCode.BadArguments),
        ["delete: NUL before parent"] = (OpCode.Delete, Delete("/missing/\0"), Session, ErrorCode.BadArguments),
        ["delete: slash"] = (OpCode.Delete, Delete("open"), Session, ErrorCode.BadArguments),
        ["delete: parent"] = (OpCode.Delete, Delete("/missing/x"), Session, ErrorCode.NoNode),
        ["delete: permission before existence"] = (OpCode.Delete, Delete("/readonly/missing"), Session, ErrorCode.NoAuth),
        ["delete: existence before version"] = (OpCode.Delete, Delete("/open/missing", 5), Session, ErrorCode.NoNode),
        ["delete: a slash at the end is another name"] = (OpCode.Delete, Delete("/open/child/"), Session, ErrorCode.NoNode),
        ["delete: version before children"] = (OpCode.Delete, Delete("/open", 5), Session, ErrorCode.BadVersion),
        ["delete: children"] = (OpCode.Delete, Delete("/open"), Session, ErrorCode.NotEmpty),
        ["setData: session before path"] = (OpCode.SetData, SetData("x"), ClosedSession, ErrorCode.SessionExpired),
        ["setData: path before existence"] = (OpCode.SetData, SetData("/missing/"), Session, ErrorCode.BadArguments),
        ["setData: existence"] = (OpCode.SetData, SetData("/missing", 5), Session, ErrorCode.NoNode),
        ["setData: permission before version"] = (OpCode.SetData, SetData("/readonly", 5), Session, ErrorCode.NoAuth),
        ["setData: version"] = (OpCode.SetData, SetData("/open/child", 5), Session, ErrorCode.BadVersion),
        ["setACL: session before path"] = (OpCode.SetAcl, SetAcl("x", Open), ClosedSession, ErrorCode.SessionExpired),
        ["setACL: path before list"] = (OpCode.SetAcl, SetAcl("/missing/", []), Session, ErrorCode.BadArguments),
        ["setACL: list before existence"] = (OpCode.SetAcl, SetAcl("/missing", []), Session, ErrorCode.InvalidAcl),
        ["setACL: existence"] = (OpCode.SetAcl, SetAcl("/missing", Open, 5), Session, ErrorCode.NoNode),
        ["setACL: permission before version"] = (OpCode.SetAcl, SetAcl("/readonly", Open, 5), Session, ErrorCode.NoAuth),
        ["setACL: version of the data does not count"] = (OpCode.SetAcl, SetAcl("/changed", Open, 1), Session, ErrorCode.BadVersion),
        ["reconfig: disabled, whoever asks"] = (OpCode.Reconfig, Body(new ReconfigRequest(null, null, null, -1)), ClosedSession, ErrorCode.ReconfigDisabled),
        ["an operation that there is not"] = ((OpCode)99, [], Session, ErrorCode.Unimplemented),
        ["a body that is too short"] = (OpCode.Create, [0, 0], Session, ErrorCode.MarshallingError),
    };

    public static TheoryData<string, bool> Names
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in Cases.Keys)
            {
                data.Add(name, true);
                data.Add(name, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void FirstCheckThatFailsDecides(string name, bool isApplied)
    {
        var fixture = new ValidationFixture();
        fixture.Create("/open");
        fixture.Create("/open/child");
        fixture.Create("/readonly");
        fixture.Create("/readonly/child");
        fixture.SetAcl("/readonly", ReadOnly);
        fixture.Create("/ephemeral", CreateMode.Ephemeral);
        fixture.Create("/changed");
        fixture.SetData("/changed");
        if (isApplied)
            fixture.Apply();
        var (operation, body, session, error) = Cases[name];

        var transaction = fixture.Order(operation, body, session);

        Assert.Equal(error, transaction.Error);
        Assert.Equal(fixture.LastZxid, transaction.Zxid);
        Assert.Empty(transaction.Changes);
    }

    [Fact]
    public void RequestWithoutASessionMakesNoEphemeral() =>
        Assert.Equal(ErrorCode.SessionExpired, new ValidationFixture().Create("/e", CreateMode.Ephemeral, session: NoSession).Error);

    private static byte[] Create(string path, int flags = 0, Acl[]? acl = null) => Body(new CreateRequest(path, [], acl ?? Open, flags));

    private static byte[] Ttl(string path, int flags, long ttl) => Body(new CreateTtlRequest(path, [], Open, flags, ttl));

    private static byte[] Delete(string path, int version = -1) => Body(new DeleteRequest(path, version));

    private static byte[] SetData(string path, int version = -1) => Body(new SetDataRequest(path, [], version));

    private static byte[] SetAcl(string path, Acl[] acl, int version = -1) => Body(new SetAclRequest(path, acl, version));
}
