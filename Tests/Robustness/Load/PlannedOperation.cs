using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>What a client is going to do.</summary>
internal sealed record PlannedOperation(OperationKind Kind, string Path, string SecondPath, string Data, int ExpectedVersion)
{
    /// <summary>The operation that it becomes when it is sent, in the history.</summary>
    public Operation Begin(History history, int client, long sessionId, int connection)
    {
        var operation = new Operation
        {
            Client = client,
            SessionId = sessionId,
            Connection = connection,
            Kind = Kind,
            Path = Path,
            SecondPath = SecondPath,
            Data = Data,
            ExpectedVersion = ExpectedVersion,
            Invoked = history.Tick(),
        };
        history.Add(operation);
        return operation;
    }
}
