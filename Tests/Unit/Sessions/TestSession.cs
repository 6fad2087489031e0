using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>The receiving side of a connection: requests that arrived together are processed together, as the front end does.</summary>
internal sealed class TestSession(ClientSession session, RecordingOutput output, SubmitQueue submitQueue)
{
    private int _lastXid;

    public RecordingOutput Output { get; } = output;

    public int PendingCount => session.PendingCount;

    public void Send(params (OpCode Operation, byte[] Body)[] requests)
    {
        foreach (var (operation, body) in requests)
        {
            var xid = ++_lastXid;
            while (!TryProcess(operation, xid, body))
                Thread.Yield();
        }

        lock (Output.Lock)
            Output.Flush();
        submitQueue.Submit();
    }

    public static (OpCode Operation, byte[] Body) Set(string path, params byte[] data) =>
        (OpCode.SetData, JuteRecords.ToArray(new SetDataRequest(path, data, -1)));

    public static (OpCode Operation, byte[] Body) Get(string path, bool watch = false) =>
        (OpCode.GetData, JuteRecords.ToArray(new PathWatchRequest(path, watch)));

    public static (OpCode Operation, byte[] Body) Sync(string path) => (OpCode.Sync, JuteRecords.ToArray(new PathRequest(path)));

    /// <summary>The znode's version that the reply to a set tells.</summary>
    public static int VersionOf(ReceivedFrame setData) => setData.Body<SetDataResponse>().Stat.Version;

    /// <summary>The connection goes.</summary>
    public void Close() => session.Close();

    public Task WaitUntilSettledAsync() => session.WaitUntilSettledAsync();

    private bool TryProcess(OpCode operation, int xid, byte[] body)
    {
        lock (Output.Lock)
            return session.TryProcess(operation, xid, body);
    }
}
