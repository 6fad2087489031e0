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
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not an operation of the load"),
    };

    /// <summary>Fills in the result and says whether it is a success.</summary>
    public static Outcome Record(Operation operation, Reply reply)
    {
        operation.Zxid = reply.Zxid;
        operation.Error = reply.Error;
        if (!reply.IsOk)
            return Outcome.Refused;

        switch (operation.Kind)
        {
            case OperationKind.CreateSequential:
                operation.CreatedPath = reply.Read<CreateResponse>().Path ?? "";
                break;
            case OperationKind.SetData:
                operation.ResultVersion = reply.Read<SetDataResponse>().Stat.Version;
                break;
            case OperationKind.GetData:
                var read = reply.Read<GetDataResponse>();
                operation.ResultVersion = read.Stat.Version;
                operation.ResultData = read.Text();
                break;
            case OperationKind.CreateBoth or OperationKind.CreateAndFail:
                var failed = Array.Find(reply.Read<MultiResponse>().Results, result => result.Error != ErrorCode.Ok);
                operation.Error = failed?.Error ?? ErrorCode.Ok;
                return operation.Error == ErrorCode.Ok ? Outcome.Acknowledged : Outcome.Refused;
        }

        return Outcome.Acknowledged;
    }

    private static CreateOperation CreateIn(string path, Operation operation) =>
        new(OpCode.Create, KeeperOperations.CreateRequest(path, Encoding.UTF8.GetBytes(operation.Data), CreateMode.Persistent));
}
