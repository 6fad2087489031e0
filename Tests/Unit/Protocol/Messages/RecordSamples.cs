using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using static OrleansKeeper.Tests.Unit.Protocol.Messages.RecordSample;

namespace OrleansKeeper.Tests.Unit.Protocol.Messages;

/// <summary>Every record of the protocol with values that tell its fields apart, and with null, empty and extreme ones.</summary>
internal static class RecordSamples
{
    private const string Face = "/\U0001F600";

    private static readonly Acl[] Open = [.. Acls.OpenUnsafe];
    private static readonly Acl[] Odd = [new(Permissions.All, new(null, null)), new((Permissions)(-1), new("", "\u00E9\U0001F600"))];

    public static Stat Stat { get; } = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    private static Stat Extreme { get; } = new(
        long.MinValue,
        long.MaxValue,
        -1,
        0,
        int.MinValue,
        int.MaxValue,
        -1,
        unchecked((long)0xFF00000000000000),
        int.MaxValue,
        int.MinValue,
        long.MaxValue);

    public static IReadOnlyList<RecordSample> All { get; } =
    [
        Of(Stat),
        Of(Extreme),
        Of(Id.Anyone),
        Of(new Id(null, "")),
        Of(Open[0]),
        Of(Odd[1]),
        Of(new ConnectRequest(0, 258, 30_000, -2, new byte[16], true)),
        Of(new ConnectRequest(int.MaxValue, long.MinValue, -1, long.MaxValue, null)),
        Of(new ConnectRequest(0, 1, 2, 3, [], HasReadOnly: false)),
        Of(new ConnectResponse(0, 30_000, -2, new byte[16], true)),
        Of(new ConnectResponse(0, 0, 0, null)),
        Of(new ConnectResponse(0, 1, 2, [], HasReadOnly: false)),
        Of(new RequestHeader(int.MaxValue, OpCode.CloseSession)),
        Of(new ReplyHeader(-1, long.MinValue, ErrorCode.ThrottledOp)),
        Of(new CreateRequest("/a", [1, 2], Open, 1)),
        Of(new CreateRequest(null, null, null, int.MinValue)),
        Of(new CreateRequest("", [], [], 0)),
        Of(new CreateRequest(Face, new byte[1000], Odd, 3)),
        Of(new CreateTtlRequest("/a", [1], Open, 5, 1000)),
        Of(new CreateTtlRequest(null, null, null, 0, long.MinValue)),
        Of(new CreateResponse("/a0000000001")),
        Of(new CreateResponse(null)),
        Of(new Create2Response(Face, Stat)),
        Of(new Create2Response(null, Extreme)),
        Of(new DeleteRequest("/a", -1)),
        Of(new DeleteRequest(null, int.MaxValue)),
        Of(new PathWatchRequest("/a", true)),
        Of(new PathWatchRequest(null, false)),
        Of(new ExistsResponse(Stat)),
        Of(new SetDataRequest("/a", [1], 2)),
        Of(new SetDataRequest(null, null, -1)),
        Of(new SetDataResponse(Stat)),
        Of(new GetDataResponse([1, 2, 3], Stat)),
        Of(new GetDataResponse(null, Extreme)),
        Of(new GetChildrenResponse(["a", "", "\U0001F600"])),
        Of(new GetChildrenResponse(null)),
        Of(new GetChildrenResponse([])),
        Of(new GetChildren2Response(["a", "b"], Stat)),
        Of(new GetChildren2Response(null, Extreme)),
        Of(new GetAclResponse(Odd, Stat)),
        Of(new GetAclResponse(null, Stat)),
        Of(new SetAclRequest("/a", Open, 3)),
        Of(new SetAclRequest(null, [], -1)),
        Of(new SetAclResponse(Extreme)),
        Of(new PathRequest("/a")),
        Of(new PathRequest(null)),
        Of(new PathResponse(Face)),
        Of(new PathResponse("")),
        Of(new GetEphemeralsResponse(["/a", "/b"])),
        Of(new GetEphemeralsResponse(null)),
        Of(new GetAllChildrenNumberResponse(int.MaxValue)),
        Of(new CheckVersionRequest("/a", 1)),
        Of(new CheckVersionRequest(null, -1)),
        Of(new WatcherTypeRequest("/a", WatcherType.PersistentRecursive)),
        Of(new WatcherTypeRequest(null, (WatcherType)int.MinValue)),
        Of(new AddWatchRequest("/a", AddWatchMode.PersistentRecursive)),
        Of(new AddWatchRequest(null, (AddWatchMode)99)),
        Of(new SetWatches(1, ["/d", "/dd"], [], ["/c"])),
        Of(new SetWatches(long.MinValue, [], [], [])),
        Of(new SetWatches2(1, ["/d"], ["/e"], ["/c"], ["/p"], ["/r", ""])),
        Of(new SetWatches2(-1, [], [], [], [], [])),
        Of(new AuthPacket(0, "digest", [1, 2])),
        Of(new AuthPacket(-1, null, null)),
        Of(new SaslRequest([1])),
        Of(new SaslRequest(null)),
        Of(new SaslResponse([])),
        Of(new SaslResponse(null)),
        Of(new ReconfigRequest("server.1=a", "2", null, 3)),
        Of(new ReconfigRequest(null, null, "", -1)),
        Of(new WatcherEvent(WatcherEventType.NodeDataChanged, KeeperState.SyncConnected, "/a")),
        Of(new WatcherEvent(WatcherEventType.None, KeeperState.Expired, null)),
        Of(new ClientInfo("ip", "127.0.0.1")),
        Of(new ClientInfo(null, null)),
        Of(new WhoAmIResponse([new("ip", "127.0.0.1"), new("digest", "super")])),
        Of(new WhoAmIResponse(null)),
        Of(new ErrorResponse(ErrorCode.NoNode)),
        Of(new MultiHeader(OpCode.Check, false, ErrorCode.Ok)),
        Of(new MultiHeader(OpCode.Error, true, (ErrorCode)(-1))),
        Of(new MultiRequest([])),
        Of(new MultiRequest(
        [
            new CreateOperation(OpCode.Create, new("/a", [1], Open, 0)),
            new CreateOperation(OpCode.Create2, new("/b", null, null, 2)),
            new CreateOperation(OpCode.CreateContainer, new("/c", [], [], 4)),
            new CreateTtlOperation(new("/d", [2], Odd, 5, 1000)),
            new DeleteOperation(new("/e", -1)),
            new SetDataOperation(new("/f", [3], 1)),
            new CheckOperation(new("/g", 2)),
        ])),
        Of(new MultiRequest([new GetChildrenOperation(new("/a", false)), new GetDataOperation(new(null, true))])),
        Of(new MultiResponse([])),
        Of(new MultiResponse(
        [
            new CreateResult(new("/a")),
            new Create2Result(new("/b", Stat)),
            new SetDataResult(new(Extreme)),
            new DeleteResult(),
            new CheckResult(),
            new GetChildrenResult(new(["x"])),
            new GetDataResult(new([1], Stat)),
            new ErrorResult(new(ErrorCode.NoNode)),
            new ErrorResult(new(ErrorCode.Ok)),
        ])),
    ];
}
