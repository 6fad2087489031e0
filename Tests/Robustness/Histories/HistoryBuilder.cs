using OrleansKeeper.Protocol;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>A history and a tree made by hand, one request after the other, to see what the checks make of them.</summary>
internal sealed class HistoryBuilder
{
    public const long Session = 0x77;

    private readonly List<Operation> _operations = [];
    private long _clock;

    public HistoryBuilder()
    {
        for (var number = 0; number < LoadPaths.RegisterCount; number++)
            Tree[LoadPaths.Register(number)] = Node("", 0, 0, version: 0);
    }

    public Dictionary<string, TreeNode> Tree { get; } = [];

    public static string Owned(int number) => $"{LoadPaths.OwnedBy(0)}/n{number}";

    public static TreeNode Node(string data, long czxid, long mzxid, int version = 0, long owner = 0) =>
        new(data, new Stat(czxid, mzxid, 0, 0, version, 0, 0, owner, data.Length, 0, czxid));

    public Operation Acknowledged(
        OperationKind kind, string path, long zxid, string data = "", int version = 0, string read = "", string created = "")
    {
        var operation = Lost(kind, path, data: data);
        operation.Outcome = Outcome.Acknowledged;
        operation.Returned = ++_clock;
        operation.Zxid = zxid;
        operation.ResultVersion = version;
        operation.ResultData = read;
        operation.CreatedPath = created;
        return operation;
    }

    public Operation Lost(OperationKind kind, string path, string secondPath = "", string data = "")
    {
        var operation = new Operation
        {
            Client = 0,
            SessionId = Session,
            Connection = 0,
            Kind = kind,
            Path = path,
            SecondPath = secondPath,
            Data = data,
            ExpectedVersion = path.StartsWith(LoadPaths.Registers, StringComparison.Ordinal) ? -1 : 0,
            Invoked = ++_clock,
        };
        _operations.Add(operation);
        return operation;
    }

    public string[] Violations() => HistoryChecks.Violations(_operations, Tree);
}
