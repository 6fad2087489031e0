using System.Text;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using OrleansKeeper.Tests.Robustness.Clients;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>Sends the request that an operation stands for, and writes what its reply says into it.</summary>
internal static class LoadRequests
{
    public static Task<Reply> Send(KeeperSession session, Operation operation) => operation.Kind switch
    {
        OperationKind.Create => session.CreateAsync(operation.Path, operation.Data),
        OperationKind.CreateEphemeral => session.CreateAsync(operation.Path, operation.Data, CreateMode.Ephemeral),
        OperationKind.CreateSequential => session.CreateAsync(operation.Path, operation.Data, CreateMode.PersistentSequential),
        OperationKind.SetData => session.SetDataAsync(operation.Path, operation.Data, operation.ExpectedVersion),
        OperationKind.GetData => session.GetDataAsync(operation.Path),
        OperationKind.Delete => session.DeleteAsync(operation.Path, operation.ExpectedVersion),
        OperationKind.CreateBoth => session.MultiAsync(CreateIn(operation.Path, operation), CreateIn(operation.SecondPath, operation)),
        OperationKind.CreateAndFail => session.MultiAsync(
            CreateIn(operation.Path, operation),
            new CheckOperation(new CheckVersionRequest(operation.SecondPath, KeeperOperations.AnyVersion))),
        OperationKind.CloseSession => session.CloseAsync(),
        OperationKind.SetBoth => session.MultiAsync(SetIn(operation.Path, operation), SetIn(operation.SecondPath, operation)),
        OperationKind.GetDataAndWatch => session.GetDataAsync(operation.Path, watch: true),
        OperationKind.SyncAndGetData => SyncAndGetDataAsync(session, operation.Path),
        OperationKind.GetChildren => session.GetChildrenAsync(operation.Path),
        OperationKind.AddWatch => session.AddWatchAsync(operation.Path, AddWatchMode.PersistentRecursive),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not an operation of the load"),
    };

    /// <summary>Fills in the result and says whether it is a success.</summary>
    public static Outcome Record(Operation operation, Reply reply)
    {
        operation.Zxid = reply.Zxid;
        operation.Error = reply.Error;
        operation.EventsBefore = reply.EventsBefore;
        if (!reply.IsOk)
            return reply.Error == ErrorCode.ConnectionLoss ? Outcome.Unknown : Outcome.Refused;

        switch (operation.Kind)
        {
            case OperationKind.CreateSequential:
                operation.CreatedPath = reply.Read<CreateResponse>().Path ?? "";
                break;
            case OperationKind.SetData:
                operation.ResultVersion = reply.Read<SetDataResponse>().Stat.Version;
                break;
            case OperationKind.GetData or OperationKind.GetDataAndWatch or OperationKind.SyncAndGetData:
                var read = reply.Read<GetDataResponse>();
                operation.ResultVersion = read.Stat.Version;
                operation.ResultData = read.Text();
                operation.ShownZxid = read.Stat.Mzxid;
                break;
            case OperationKind.GetChildren:
                var list = reply.Read<GetChildren2Response>();
                operation.Names = list.Children ?? [];
                operation.ResultVersion = list.Stat.Cversion;
                operation.ShownZxid = list.Stat.Pzxid;
                break;
            case OperationKind.CreateBoth or OperationKind.CreateAndFail or OperationKind.SetBoth:
                return RecordMulti(operation, reply.Read<MultiResponse>().Results);
        }

        return Outcome.Acknowledged;
    }

    private static Outcome RecordMulti(Operation operation, MultiResult[] results)
    {
        operation.Error = Array.Find(results, result => result.Error != ErrorCode.Ok)?.Error ?? ErrorCode.Ok;
        if (operation.Error != ErrorCode.Ok)
            return Outcome.Refused;

        if (results is [SetDataResult first, SetDataResult second])
        {
            operation.ResultVersion = first.Response.Stat.Version;
            operation.SecondVersion = second.Response.Stat.Version;
        }

        return Outcome.Acknowledged;
    }

    // The read is sent before the answer to the sync is there: that it waits for the sync is what is asked of the server.
    private static async Task<Reply> SyncAndGetDataAsync(KeeperSession session, string path)
    {
        var sync = session.SyncAsync(path);
        var read = session.GetDataAsync(path);
        var synced = await sync;
        var answer = await read;
        return synced.IsOk ? answer : synced;
    }

    private static SetDataOperation SetIn(string path, Operation operation) =>
        new(new SetDataRequest(path, Encoding.UTF8.GetBytes(operation.Data), KeeperOperations.AnyVersion));

    private static CreateOperation CreateIn(string path, Operation operation) =>
        new(OpCode.Create, KeeperOperations.CreateRequest(path, Encoding.UTF8.GetBytes(operation.Data), CreateMode.Persistent));
}
