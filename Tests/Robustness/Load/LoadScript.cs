using System.Globalization;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>
/// Decides what a client does next, from a seed. What only this client writes has a fresh path each time, and the requests for one
/// path follow each other closely, so that a crash finds them in flight together.
/// </summary>
internal sealed class LoadScript(int client, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Queue<PlannedOperation> _planned = new();
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

    /// <summary>Forgets what was begun: after a lost connection nobody knows how far it got.</summary>
    public void Reset() => _planned.Clear();

    private void Plan()
    {
        switch (_random.Next(100))
        {
            case < 25:
                PlanLifeOfNode();
                break;
            case < 40:
                Add(OperationKind.CreateSequential, LoadPaths.QueueEntryPrefix, data: Value());
                break;
            case < 60:
                Add(OperationKind.SetData, Register(), data: Value());
                break;
            case < 80:
                Add(OperationKind.GetData, Register());
                break;
            case < 90:
                Add(OperationKind.CreateEphemeral, Node(), data: Value());
                break;
            case < 95:
                Add(OperationKind.CreateBoth, Node(), Node(), Value());
                break;
            case < 99:
                Add(OperationKind.CreateAndFail, Node(), Node(), Value());
                break;
            default:
                Add(OperationKind.CloseSession);
                break;
        }
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

    private string Register() => LoadPaths.Register(_random.Next(LoadPaths.RegisterCount));
}
