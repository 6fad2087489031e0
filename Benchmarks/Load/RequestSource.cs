using System.Globalization;
using System.Text;
using System.Text.Unicode;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.Benchmarks.Load;

/// <summary>Says what comes next on a connection. All connections share one; all of them run on one thread.</summary>
internal sealed class RequestSource(Workload workload, LoadOptions options)
{
    // Tells this run's znodes from those that an earlier run left under the same root.
    private readonly long _run = DateTime.UtcNow.Ticks;
    private readonly Random _random = new();
    private readonly byte[] _sequentialPrefix = Encoding.UTF8.GetBytes(options.QueueParent + "/s-");
    private readonly byte[] _keysParent = Encoding.UTF8.GetBytes(options.KeysParent);
    private readonly byte[] _path = new byte[options.QueueParent.Length + 64];
    private readonly byte[] _data = Payload(options.Bytes);
    private readonly byte[][] _keys = [.. Enumerable.Range(0, options.Keys).Select(options.Key).Select(Encoding.UTF8.GetBytes)];

    private long _created;

    /// <summary>No request is larger.</summary>
    public int MostBytes { get; } = RequestWriter.MostOverhead + options.QueueParent.Length + 64 + options.Bytes;

    public static byte[] Payload(int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)('a' + i % 26))];

    /// <summary>Writes the next request and says whether it is one to measure.</summary>
    public bool Write(Span<byte> destination, int xid, ref long toDelete, out int written)
    {
        switch (workload.Kind)
        {
            case WorkloadKind.GetData:
                written = RequestWriter.Read(destination, xid, OpCode.GetData, AnyKey());
                break;
            case WorkloadKind.Exists:
                written = RequestWriter.Read(destination, xid, OpCode.Exists, AnyKey());
                break;
            case WorkloadKind.GetChildren:
                written = RequestWriter.Read(destination, xid, OpCode.GetChildren, _keysParent);
                break;
            case WorkloadKind.SetData:
                written = RequestWriter.SetData(destination, xid, AnyKey(), _data);
                break;
            case WorkloadKind.Mix:
                written = _random.Next(100) < workload.ReadPercent
                    ? RequestWriter.Read(destination, xid, OpCode.GetData, AnyKey())
                    : RequestWriter.SetData(destination, xid, AnyKey(), _data);
                break;
            case WorkloadKind.Create:
                written = RequestWriter.Create(destination, xid, Fresh(++_created), _data, CreateMode.Persistent);
                break;
            case WorkloadKind.CreateEphemeral:
                written = RequestWriter.Create(destination, xid, Fresh(++_created), _data, CreateMode.Ephemeral);
                break;
            case WorkloadKind.CreateSequential:
                written = RequestWriter.Create(destination, xid, _sequentialPrefix, _data, CreateMode.EphemeralSequential);
                break;
            default:
                return WriteCreateOrDelete(destination, xid, ref toDelete, out written);
        }

        return true;
    }

    private bool WriteCreateOrDelete(Span<byte> destination, int xid, ref long toDelete, out int written)
    {
        if (toDelete == 0)
        {
            toDelete = ++_created;
            written = RequestWriter.Create(destination, xid, Fresh(toDelete), _data, CreateMode.Persistent);
            return workload.Kind == WorkloadKind.CreateAndDelete;
        }

        written = RequestWriter.Delete(destination, xid, Fresh(toDelete));
        toDelete = 0;
        return true;
    }

    private byte[] AnyKey() => _keys[_random.Next(_keys.Length)];

    private ReadOnlySpan<byte> Fresh(long number)
    {
        Utf8.TryWrite(_path, CultureInfo.InvariantCulture, $"{options.QueueParent}/{_run:x}-{number}", out var length);
        return _path.AsSpan(0, length);
    }
}
