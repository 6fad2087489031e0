using System.Globalization;
using OrleansKeeper.Tests.Robustness.Histories;

namespace OrleansKeeper.Tests.Robustness.Load;

/// <summary>
/// Decides what a client does next, from a seed. What only this client writes has a fresh path each time, and the requests for one
/// path follow each other closely, so that a crash finds them in flight together.
/// </summary>
internal abstract class OperationScript(int client, int seed)
{
    private readonly Queue<PlannedOperation> _planned = new();
    private int _names;
    private int _values;

    protected int Client => client;

    protected Random Random { get; } = new(seed);

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
    public virtual void Reset() => _planned.Clear();

    /// <summary>Plans one operation or more.</summary>
    protected abstract void Plan();

    protected void PlanLifeOfNode()
    {
        var node = Node();
        Add(OperationKind.Create, node, data: Value());
        var version = 0;
        for (; Random.Next(2) == 0; version++)
            Add(OperationKind.SetData, node, data: Value(), expectedVersion: version);
        if (Random.Next(4) == 0)
            Add(OperationKind.SetData, node, data: Value(), expectedVersion: version + 1);
        if (Random.Next(4) != 0)
            Add(OperationKind.Delete, node, expectedVersion: version);
    }

    protected void Add(OperationKind kind, string path = "", string secondPath = "", string data = "", int expectedVersion = -1) =>
        _planned.Enqueue(new PlannedOperation(kind, path, secondPath, data, expectedVersion));

    protected string Node() => string.Create(CultureInfo.InvariantCulture, $"{LoadPaths.OwnedBy(client)}/n{NextName()}");

    /// <summary>A number that no other name of this client has.</summary>
    protected int NextName() => _names++;

    // Every value is written once in a run, so that a read tells which write it saw.
    protected string Value() => string.Create(CultureInfo.InvariantCulture, $"{client}.{_values++}");
}
