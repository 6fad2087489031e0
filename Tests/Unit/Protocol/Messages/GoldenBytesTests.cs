using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Protocol.Messages;

/// <summary>Records as ZooKeeper's own serialization writes them. A bar stands between two fields.</summary>
public sealed class GoldenBytesTests
{
    private const string StatBytes =
        "0000000000000001|0000000000000002|0000000000000003|0000000000000004|" +
        "00000005|00000006|00000007|0000000000000008|00000009|0000000A|000000000000000B";

    private const string OpenBytes = "00000001|0000001F|00000005 776F726C64|00000006 616E796F6E65";

    private static readonly Acl[] Open = [.. Acls.OpenUnsafe];
    private static readonly byte[] Password = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    [Fact]
    public void Handshake()
    {
        const string password = "00000010 000102030405060708090A0B0C0D0E0F";
        var request = new ConnectRequest(0, 0x0102, 30_000, 0x1122334455667788, Password, true);
        var response = new ConnectResponse(0, 30_000, 0x1122334455667788, Password);

        Check(request, $"00000000|0000000000000102|00007530|1122334455667788|{password}|01");
        Check(request with { ReadOnly = false, HasReadOnly = false }, $"00000000|0000000000000102|00007530|1122334455667788|{password}");
        Check(response, $"00000000|00007530|1122334455667788|{password}|00");
        Check(response with { HasReadOnly = false }, $"00000000|00007530|1122334455667788|{password}");
        Assert.Equal([45, 44, 37, 36], (int[])
        [
            request.Size, (request with { HasReadOnly = false }).Size, response.Size, (response with { HasReadOnly = false }).Size,
        ]);
    }

    [Fact]
    public void Headers()
    {
        Check(new RequestHeader(7, OpCode.GetData), "00000007|00000004");
        Check(new ReplyHeader(WellKnownXids.Notification, 0x100000002, ErrorCode.NoNode), "FFFFFFFF|0000000100000002|FFFFFF9B");
        Check(new ErrorResponse(ErrorCode.NoNode), "FFFFFF9B");
    }

    [Fact]
    public void Creates()
    {
        Check(new CreateRequest("/a", "hi"u8.ToArray(), Open, 1), $"00000002 2F61|00000002 6869|{OpenBytes}|00000001");
        Check(new CreateRequest(null, null, null, 0), "FFFFFFFF|FFFFFFFF|FFFFFFFF|00000000");
        Check(new CreateTtlRequest("/a", [], Open, 5, 1000), $"00000002 2F61|00000000|{OpenBytes}|00000005|00000000000003E8");
        Check(new CreateResponse("/a"), "00000002 2F61");
        Check(new Create2Response("/a", RecordSamples.Stat), $"00000002 2F61|{StatBytes}");
    }

    [Fact]
    public void DataAndChildren()
    {
        Check(new DeleteRequest("/a", -1), "00000002 2F61|FFFFFFFF");
        Check(new PathWatchRequest("/a", true), "00000002 2F61|01");
        Check(new ExistsResponse(RecordSamples.Stat), StatBytes);
        Check(new SetDataRequest("/a", [1], 3), "00000002 2F61|00000001 01|00000003");
        Check(new SetDataResponse(RecordSamples.Stat), StatBytes);
        Check(new GetDataResponse(null, RecordSamples.Stat), $"FFFFFFFF|{StatBytes}");
        Check(new GetChildrenResponse(["a", "bc"]), "00000002|00000001 61|00000002 6263");
        Check(new GetChildren2Response([], RecordSamples.Stat), $"00000000|{StatBytes}");
        Check(new GetEphemeralsResponse(["/a"]), "00000001|00000002 2F61");
        Check(new GetAllChildrenNumberResponse(4), "00000004");
        Check(new CheckVersionRequest("/a", 2), "00000002 2F61|00000002");
        Check(new PathRequest("/a"), "00000002 2F61");
        Check(new PathResponse("/a"), "00000002 2F61");
    }

    [Fact]
    public void AccessControl()
    {
        Check(new GetAclResponse(Open, RecordSamples.Stat), $"{OpenBytes}|{StatBytes}");
        Check(new SetAclRequest("/a", Open, 2), $"00000002 2F61|{OpenBytes}|00000002");
        Check(new SetAclResponse(RecordSamples.Stat), StatBytes);
        Check(new AuthPacket(0, "digest", "u:p"u8.ToArray()), "00000000|00000006 646967657374|00000003 753A70");
        Check(new SaslRequest([9]), "00000001 09");
        Check(new SaslResponse(null), "FFFFFFFF");
        Check(new WhoAmIResponse([new("ip", "127.0.0.1")]), "00000001|00000002 6970|00000009 3132372E302E302E31");
        Check(new ReconfigRequest(null, "2", "", -1), "FFFFFFFF|00000001 32|00000000|FFFFFFFFFFFFFFFF");
    }

    [Fact]
    public void Watches()
    {
        const string three = "0000000000000005|00000001|00000002 2F64|00000001|00000002 2F65|00000001|00000002 2F63";
        Check(new SetWatches(5, ["/d"], ["/e"], ["/c"]), three);
        Check(new SetWatches2(5, ["/d"], ["/e"], ["/c"], ["/p"], ["/r"]), $"{three}|00000001|00000002 2F70|00000001|00000002 2F72");
        Check(new WatcherTypeRequest("/a", WatcherType.Any), "00000002 2F61|00000003");
        Check(new AddWatchRequest("/a", AddWatchMode.PersistentRecursive), "00000002 2F61|00000001");
        Check(
            new WatcherEvent(WatcherEventType.NodeDataChanged, KeeperState.SyncConnected, "/a"),
            "00000003|00000003|00000002 2F61");
    }

    [Fact]
    public void Multi()
    {
        Check(
            new MultiRequest(
            [
                new CreateOperation(OpCode.Create, new("/a", [1], Open, 0)),
                new SetDataOperation(new("/b", null, -1)),
                new DeleteOperation(new("/c", 2)),
                new CheckOperation(new("/d", 3)),
            ]),
            $"00000001 00 FFFFFFFF|00000002 2F61|00000001 01|{OpenBytes}|00000000|" +
            "00000005 00 FFFFFFFF|00000002 2F62|FFFFFFFF|FFFFFFFF|" +
            "00000002 00 FFFFFFFF|00000002 2F63|00000002|" +
            "0000000D 00 FFFFFFFF|00000002 2F64|00000003|" +
            "FFFFFFFF 01 FFFFFFFF");
        Check(
            new MultiResponse(
            [
                new CreateResult(new("/a")),
                new Create2Result(new("/b", RecordSamples.Stat)),
                new SetDataResult(new(RecordSamples.Stat)),
                new DeleteResult(),
                new CheckResult(),
                new ErrorResult(new(ErrorCode.NoNode)),
            ]),
            "00000001 00 00000000|00000002 2F61|" +
            $"0000000F 00 00000000|00000002 2F62|{StatBytes}|" +
            $"00000005 00 00000000|{StatBytes}|" +
            "00000002 00 00000000|" +
            "0000000D 00 00000000|" +
            "FFFFFFFF 00 FFFFFF9B|FFFFFF9B|" +
            "FFFFFFFF 01 FFFFFFFF");
    }

    [Fact]
    public void MultiRead()
    {
        Check(
            new MultiRequest([new GetChildrenOperation(new("/a", false)), new GetDataOperation(new("/b", false))]),
            "00000008 00 FFFFFFFF|00000002 2F61|00|00000004 00 FFFFFFFF|00000002 2F62|00|FFFFFFFF 01 FFFFFFFF");
        Check(
            new MultiResponse(
            [
                new GetChildrenResult(new(["x"])),
                new GetDataResult(new([1], RecordSamples.Stat)),
                new ErrorResult(new(ErrorCode.NoNode)),
            ]),
            $"00000008 00 00000000|00000001|00000001 78|00000004 00 00000000|00000001 01|{StatBytes}|" +
            "FFFFFFFF 00 FFFFFF9B|FFFFFF9B|FFFFFFFF 01 FFFFFFFF");
    }

    private static void Check<T>(T record, string hex) where T : IJuteRecord<T>
    {
        var bytes = hex.Replace("|", "").Replace(" ", "");
        Assert.Equal(bytes, Convert.ToHexString(JuteRecords.ToArray(record)));
        Assert.Equivalent(record, JuteRecords.Parse<T>(Convert.FromHexString(bytes)), strict: true);
    }
}
