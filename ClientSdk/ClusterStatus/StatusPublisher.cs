using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Nodes;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.ClusterStatus;

/// <summary>
/// Publishes a node's status for everybody who watches the cluster: an ephemeral znode, <c>/cluster/node-1</c>, whose data is the status in
/// JSON. It is there as long as this object is, and the process, with the status that was published last, also after the session had to be
/// replaced.
/// </summary>
/// <typeparam name="T">What nodes publish.</typeparam>
public sealed class StatusPublisher<T> : IAsyncDisposable
{
    private readonly PersistentEphemeralNode _znode;
    private readonly JsonTypeInfo<T> _typeInfo;

    private StatusPublisher(PersistentEphemeralNode znode, JsonTypeInfo<T> typeInfo)
    {
        _znode = znode;
        _typeInfo = typeInfo;
    }

    /// <summary>Publishes a first status and goes on having it there.</summary>
    /// <param name="client">The client. Its session owns the znode.</param>
    /// <param name="path">The cluster's znode: <c>/cluster</c>. Made if it is missing.</param>
    /// <param name="node">The node's name, which no other node has. A znode of that name from an earlier run is replaced.</param>
    /// <param name="status">The status.</param>
    /// <param name="typeInfo">How it is written as JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The path or the name cannot be a znode's.</exception>
    /// <exception cref="KeeperException">The znode cannot be made.</exception>
    public static async Task<StatusPublisher<T>> StartAsync(
        IKeeperClient client, string path, string node, T status, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        var znodePath = ZNodePath.Append(path, node);
        if (ZNodePath.Validate(znodePath, sequential: false) is { } complaint)
            throw new ArgumentException($"\"{znodePath}\" is not a path of a znode. {complaint}", nameof(node));

        var znode = new PersistentEphemeralNode(client, znodePath, JsonSerializer.SerializeToUtf8Bytes(status, typeInfo));
        var publisher = new StatusPublisher<T>(znode, typeInfo);
        znode.Start();
        try
        {
            await znode.WaitUntilCreatedAsync(cancellationToken).ConfigureAwait(false);
            return publisher;
        }
        catch
        {
            await publisher.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Publishes another status.</summary>
    /// <returns>Completes when it is published, or one that is even later.</returns>
    public Task PublishAsync(T status, CancellationToken cancellationToken = default) =>
        _znode.SetDataAsync(JsonSerializer.SerializeToUtf8Bytes(status, _typeInfo), cancellationToken);

    /// <summary>Leaves the cluster.</summary>
    public ValueTask DisposeAsync() => _znode.DisposeAsync();
}
