using BenchmarkDotNet.Attributes;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Benchmarks.Micro.Protocol;

/// <summary>Reading the hot requests and writing the hot replies, as a server does for each.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const string Path = "/services/orders/instances/0000000042";

    private static readonly Stat SomeStat = new(1, 2, 3, 4, 5, 6, 7, 0, 100, 3, 8);

    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _data = new byte[100];
    private readonly string[] _children = [.. Enumerable.Range(0, 50).Select(number => $"instance-{number:D10}")];
    private byte[] _create = [];
    private byte[] _setData = [];
    private byte[] _getData = [];
    private byte[] _multi = [];

    [GlobalSetup]
    public void Encode()
    {
        var create = new CreateRequest(Path, _data, [.. Acls.OpenUnsafe], (int)CreateMode.Ephemeral);
        var setData = new SetDataRequest(Path, _data, 3);
        _create = JuteRecords.ToArray(create);
        _setData = JuteRecords.ToArray(setData);
        _getData = JuteRecords.ToArray(new PathWatchRequest(Path, true));
        _multi = JuteRecords.ToArray(new MultiRequest(
        [
            new CheckOperation(new CheckVersionRequest(Path, 3)),
            new SetDataOperation(setData),
            new CreateOperation(OpCode.Create, create),
        ]));
    }

    [Benchmark]
    public CreateRequest ReadCreate() => JuteRecords.Parse<CreateRequest>(_create);

    [Benchmark]
    public SetDataRequest ReadSetData() => JuteRecords.Parse<SetDataRequest>(_setData);

    [Benchmark]
    public PathWatchRequest ReadGetData() => JuteRecords.Parse<PathWatchRequest>(_getData);

    [Benchmark]
    public MultiRequest ReadMulti() => JuteRecords.Parse<MultiRequest>(_multi);

    [Benchmark]
    public int WriteGetData() => Frames.Write(_buffer, new ReplyHeader(1, 2, ErrorCode.Ok), new GetDataResponse(_data, SomeStat));

    [Benchmark]
    public int WriteSetData() => Frames.Write(_buffer, new ReplyHeader(1, 2, ErrorCode.Ok), new SetDataResponse(SomeStat));

    [Benchmark]
    public int WriteCreate() => Frames.Write(_buffer, new ReplyHeader(1, 2, ErrorCode.Ok), new CreateResponse(Path));

    [Benchmark]
    public int WriteChildren() => Frames.Write(_buffer, new ReplyHeader(1, 2, ErrorCode.Ok), new GetChildrenResponse(_children));

    [Benchmark]
    public int WriteEvent() => Frames.Write(
        _buffer,
        new ReplyHeader(WellKnownXids.Notification, 2, ErrorCode.Ok),
        new WatcherEvent(WatcherEventType.NodeDataChanged, KeeperState.SyncConnected, Path));
}
