using System.Globalization;
using OrleansKeeper.Tests.Robustness.Histories;
using OrleansKeeper.Tests.Robustness.Load;

namespace OrleansKeeper.Tests.Robustness.Cluster.Load;

/// <summary>
/// Decides what a client of a cluster does next, from a seed: it shares registers, a list and a queue with the clients of the other
/// silos, and has znodes of its own, with a fresh path each time.
/// </summary>
internal sealed class ClusterScript(int client, int seed)
{
    public const int RegisterCount = 4;

    private const int MostMembers = 6;

    private readonly Random _random = new(seed);
    private readonly Queue<PlannedOperation> _planned = new();
    private readonly Queue<string> _members = new();
    private readonly Dictionary<string, int> _versions = [];
    private int _nodes;
    private int _values;

    public PlannedOperation Next()
    {
        if (!_planned.TryDequeue(out var planned))
        {
            Plan();
            planned = _planned.Dequeue();
        }

        return planned;
    }

    /// <summary>Takes note of a register's version, for the next compare-and-set.</summary>
    public void Observe(string register, int version) => _versions[register] = version;

    /// <summary>Forgets what was begun: after a lost connection nobody knows how far it got.</summary>
    public void Reset()
    {
        _planned.Clear();
        _members.Clear();
    }

    private void Plan()
    {
        switch (_random.Next(1000))
        {
            case < 200:
                Add(OperationKind.GetData, Register());
                break;
            case < 280:
                Add(OperationKind.GetDataAndWatch, Register());
                break;
            case < 420:
                Add(OperationKind.SyncAndGetData, Register());
                break;
            case < 540:
                Add(OperationKind.SetData, Register(), data: Value());
                break;
            case < 640:
                PlanCompareAndSet();
                break;
            case < 690:
                PlanSetBoth();
                break;
            case < 740:
                Add(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, data: Value());
                break;
            case < 820:
                PlanMember();
                break;
            case < 850:
                Add(OperationKind.GetChildren, LoadPaths.Members);
                break;
            case < 930:
                PlanLifeOfNode();
                break;
            case < 965:
                Add(OperationKind.CreateEphemeral, Node(), data: Value());
                break;
            case < 985:
                Add(OperationKind.CreateBoth, Node(), Node(), Value());
                break;
            case < 996:
                Add(OperationKind.CreateAndFail, Node(), Node(), Value());
                break;
            default:
                Add(OperationKind.CloseSession);
                break;
        }
    }

    private void PlanCompareAndSet()
    {
        var register = Register();
        Add(OperationKind.SetData, register, data: Value(), expectedVersion: _versions.GetValueOrDefault(register));
    }

    private void PlanSetBoth()
    {
        var first = _random.Next(RegisterCount);
        var second = (first + _random.Next(1, RegisterCount)) % RegisterCount;
        Add(OperationKind.SetBoth, LoadPaths.Register(first), LoadPaths.Register(second), Value());
    }

    private void PlanMember()
    {
        if (_members.Count < _random.Next(MostMembers))
        {
            var member = string.Create(CultureInfo.InvariantCulture, $"{LoadPaths.Members}/c{client}.{_nodes++}");
            _members.Enqueue(member);
            Add(OperationKind.Create, member);
        }
        else if (_members.TryDequeue(out var member))
            Add(OperationKind.Delete, member, expectedVersion: 0);
        else
            Add(OperationKind.GetChildren, LoadPaths.Members);
    }

    private void PlanLifeOfNode()
    {
        var node = Node();
        Add(OperationKind.Create, node, data: Value());
        var version = 0;
        for (; _random.Next(2) == 0; version++)
            Add(OperationKind.SetData, node, data: Value(), expectedVersion: version);
        if (_random.Next(4) == 0)
            Add(OperationKind.SetData, node, data: Value(), expectedVersion: version + 1);
        if (_random.Next(4) != 0)
            Add(OperationKind.Delete, node, expectedVersion: version);
    }

    private void Add(OperationKind kind, string path = "", string secondPath = "", string data = "", int expectedVersion = -1) =>
        _planned.Enqueue(new PlannedOperation(kind, path, secondPath, data, expectedVersion));

    private string Node() => string.Create(CultureInfo.InvariantCulture, $"{LoadPaths.OwnedBy(client)}/n{_nodes++}");

    // Every value is written once in a run, so that a read tells which write it saw.
    private string Value() => string.Create(CultureInfo.InvariantCulture, $"{client}.{_values++}");

    private string Register() => LoadPaths.Register(_random.Next(RegisterCount));
}
