using OrleansKeeper.Protocol;

namespace OrleansKeeper.Tests.Robustness.Histories;

/// <summary>The znodes that only one client writes, as they are after its requests so far.</summary>
internal sealed class ModelTree
{
    private readonly Dictionary<string, ModelNode> _nodes;

    public ModelTree() => _nodes = [];

    private ModelTree(ModelTree other) => _nodes = new Dictionary<string, ModelNode>(other._nodes);

    public IReadOnlyDictionary<string, ModelNode> Nodes => _nodes;

    public ModelTree Copy() => new(this);

    public ModelTree With(IEnumerable<Operation> operations)
    {
        var after = Copy();
        foreach (var operation in operations)
            after.Apply(operation);
        return after;
    }

    /// <summary>Does what the request asks and returns what its answer must be.</summary>
    public ErrorCode Apply(Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Create:
                return Create(operation.Path, operation, owner: 0);
            case OperationKind.CreateEphemeral:
                return Create(operation.Path, operation, operation.SessionId);
            case OperationKind.CreateBoth:
                if (_nodes.ContainsKey(operation.Path) || _nodes.ContainsKey(operation.SecondPath))
                    return ErrorCode.NodeExists;
                Create(operation.Path, operation, owner: 0);
                return Create(operation.SecondPath, operation, owner: 0);
            case OperationKind.CreateAndFail:
                return ErrorCode.NoNode;
            case OperationKind.SetData:
                return Change(operation, node => node with { Data = operation.Data, Version = node.Version + 1, Mzxid = operation.Zxid });
            case OperationKind.Delete:
                return Change(operation, _ => null);
            case OperationKind.CloseSession:
                foreach (var path in _nodes.Where(node => node.Value.Owner == operation.SessionId).Select(node => node.Key).ToArray())
                    _nodes.Remove(path);
                return ErrorCode.Ok;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not about znodes of one client");
        }
    }

    private ErrorCode Create(string path, Operation operation, long owner) =>
        _nodes.TryAdd(path, new ModelNode(operation.Data, 0, owner, operation.Zxid, operation.Zxid)) ? ErrorCode.Ok : ErrorCode.NodeExists;

    private ErrorCode Change(Operation operation, Func<ModelNode, ModelNode?> change)
    {
        if (!_nodes.TryGetValue(operation.Path, out var node))
            return ErrorCode.NoNode;
        if (operation.ExpectedVersion != node.Version)
            return ErrorCode.BadVersion;

        if (change(node) is { } changed)
            _nodes[operation.Path] = changed;
        else
            _nodes.Remove(operation.Path);
        return ErrorCode.Ok;
    }
}
