using System.Text;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Robustness.Fuzzing;

/// <summary>One well-formed frame of every kind that a client may send: what the fuzzer starts from.</summary>
internal static class ValidFrames
{
    private const string Path = "/fuzzed/node";

    private static readonly byte[] Data = Encoding.ASCII.GetBytes("some data");
    private static readonly Acl[] Open = [.. Acls.OpenUnsafe];

    public static byte[] Handshake { get; } = Framed(new ConnectRequest(0, 0, 10_000, 0, new byte[WireLimits.PasswordLength]));

    public static byte[][] Requests { get; } =
    [
        Request(OpCode.Create, new CreateRequest(Path, Data, Open, (int)CreateMode.Ephemeral)),
        Request(OpCode.Create2, new CreateRequest(Path, Data, Open, (int)CreateMode.EphemeralSequential)),
        Request(OpCode.CreateContainer, new CreateRequest(Path, Data, Open, (int)CreateMode.Container)),
        Request(OpCode.CreateTtl, new CreateTtlRequest(Path, Data, Open, (int)CreateMode.PersistentWithTtl, 10_000)),
        Request(OpCode.Delete, new DeleteRequest(Path, -1)),
        Request(OpCode.Exists, new PathWatchRequest(Path, true)),
        Request(OpCode.GetData, new PathWatchRequest(Path, true)),
        Request(OpCode.SetData, new SetDataRequest(Path, Data, -1)),
        Request(OpCode.GetAcl, new PathRequest(Path)),
        Request(OpCode.SetAcl, new SetAclRequest(Path, Open, -1)),
        Request(OpCode.GetChildren, new PathWatchRequest("/", true)),
        Request(OpCode.GetChildren2, new PathWatchRequest("/", true)),
        Request(OpCode.Sync, new PathRequest(Path)),
        Request(OpCode.Ping),
        Request(OpCode.Check, new CheckVersionRequest(Path, 0)),
        Request(OpCode.Multi, new MultiRequest(
        [
            new CreateOperation(OpCode.Create, new CreateRequest(Path, Data, Open, (int)CreateMode.Ephemeral)),
            new SetDataOperation(new SetDataRequest(Path, Data, 0)),
            new CheckOperation(new CheckVersionRequest(Path, 1)),
            new DeleteOperation(new DeleteRequest(Path, 1)),
        ])),
        Request(OpCode.MultiRead, new MultiRequest(
        [
            new GetDataOperation(new PathWatchRequest(Path, false)),
            new GetChildrenOperation(new PathWatchRequest("/", false)),
        ])),
        Request(OpCode.Reconfig, new ReconfigRequest("server.1=127.0.0.1:1:2", "3", null, -1)),
        Request(OpCode.CheckWatches, new WatcherTypeRequest(Path, WatcherType.Any)),
        Request(OpCode.RemoveWatches, new WatcherTypeRequest(Path, WatcherType.Any)),
        Request(OpCode.DeleteContainer, new PathRequest(Path)),
        Request(OpCode.Auth, new AuthPacket(0, "digest", Encoding.ASCII.GetBytes("user:password"))),
        Request(OpCode.SetWatches, new SetWatches(0, [Path], [Path], ["/"])),
        Request(OpCode.SetWatches2, new SetWatches2(0, [Path], [Path], ["/"], [Path], ["/"])),
        Request(OpCode.Sasl, new SaslRequest(Data)),
        Request(OpCode.GetEphemerals, new PathRequest("/")),
        Request(OpCode.GetAllChildrenNumber, new PathRequest("/")),
        Request(OpCode.AddWatch, new AddWatchRequest(Path, AddWatchMode.PersistentRecursive)),
        Request(OpCode.WhoAmI),
        Request(OpCode.CreateSession),
        Request(OpCode.CloseSession),
    ];

    private static byte[] Request(OpCode opCode) => Framed(new RequestHeader(1, opCode));

    private static byte[] Request<T>(OpCode opCode, T body) where T : IJuteRecord<T>
    {
        var header = new RequestHeader(1, opCode);
        var frame = new byte[Frames.SizeOf(header, body)];
        Frames.Write(frame, header, body);
        return frame;
    }

    private static byte[] Framed<T>(T record) where T : IJuteRecord<T>
    {
        var frame = new byte[Frames.SizeOf(record)];
        Frames.Write(frame, record);
        return frame;
    }
}
