using OrleansKeeper.ClientSdk.Recipes.Nodes;

namespace OrleansKeeper.ClientSdk.Recipes.Membership;

/// <summary>A membership of one's own: there until it is disposed, over reconnects and expired sessions.</summary>
public sealed class GroupMember : IAsyncDisposable
{
    private readonly PersistentEphemeralNode _node;

    internal GroupMember(string id, PersistentEphemeralNode node)
    {
        Id = id;
        _node = node;
    }

    /// <summary>Raised when the member has joined again, after its session expired or somebody deleted its znode. Handlers must not block.</summary>
    public event EventHandler<NodeCreatedEventArgs>? Rejoined
    {
        add => _node.Created += value;
        remove => _node.Created -= value;
    }

    /// <summary>The id in the group.</summary>
    public string Id { get; }

    /// <summary>Sets the data that the other members see; completes when the group has it.</summary>
    public Task SetDataAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => _node.SetDataAsync(data, cancellationToken);

    /// <summary>Leaves the group.</summary>
    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
