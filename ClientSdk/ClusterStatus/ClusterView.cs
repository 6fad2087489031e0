using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Caching;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.ClusterStatus;

/// <summary>Unified cluster management, the watching side: everybody's status at hand in memory, and who joins, changes and
/// leaves.</summary>
/// <typeparam name="T">What nodes publish.</typeparam>
public sealed partial class ClusterView<T> : IAsyncDisposable
{
    private readonly string _path;
    private readonly JsonTypeInfo<T> _typeInfo;
    private readonly ILogger _logger;
    private LiveView<IReadOnlyDictionary<string, NodeStatus<T>>>? _view;

    private ClusterView(string path, JsonTypeInfo<T> typeInfo, ILogger logger)
    {
        _path = path;
        _typeInfo = typeInfo;
        _logger = logger;
    }

    /// <summary>Reads everybody's status and begins to follow.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">The cluster's znode: <c>/cluster</c>. It may be missing: there are no nodes then.</param>
    /// <param name="typeInfo">How a status is read from JSON.</param>
    /// <param name="logger">Hears of znodes that do not hold a status.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeeperException">The client was disposed. While the service cannot be reached this waits.</exception>
    public static async Task<ClusterView<T>> OpenAsync(
        IKeeperClient client,
        string path,
        JsonTypeInfo<T> typeInfo,
        ILogger<ClusterView<T>>? logger = null,
        CancellationToken cancellationToken = default)
    {
        var cluster = new ClusterView<T>(path, typeInfo, logger ?? NullLogger<ClusterView<T>>.Instance);
        cluster._view = await LiveView<IReadOnlyDictionary<string, NodeStatus<T>>>
            .OpenAsync(client, path, cluster.NodesOf, cluster._logger, cancellationToken)
            .ConfigureAwait(false);
        return cluster;
    }

    /// <summary>Everybody's status, by the nodes' names.</summary>
    public IReadOnlyDictionary<string, NodeStatus<T>> Nodes => _view!.Current;

    /// <summary>
    /// Who is there now, as having joined, and then what changes. Of several statuses that a node publishes in a row perhaps only the last
    /// is told.
    /// </summary>
    public async IAsyncEnumerable<NodeChange<T>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyDictionary<string, NodeStatus<T>> before = new Dictionary<string, NodeStatus<T>>();
        await foreach (var now in _view!.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var change in Changes(before, now))
                yield return change;
            before = now;
        }
    }

    /// <summary>Stops following.</summary>
    public ValueTask DisposeAsync() => _view!.DisposeAsync();

    private static IEnumerable<NodeChange<T>> Changes(
        IReadOnlyDictionary<string, NodeStatus<T>> before, IReadOnlyDictionary<string, NodeStatus<T>> now)
    {
        foreach (var left in before.Values.Where(node => !now.ContainsKey(node.Node)))
            yield return new NodeChange<T>(NodeChangeKind.Left, left.Node, null, left);
        foreach (var node in now.Values.OrderBy(node => node.Zxid))
        {
            if (!before.TryGetValue(node.Node, out var known))
                yield return new NodeChange<T>(NodeChangeKind.Joined, node.Node, node, null);
            else if (known.Zxid != node.Zxid)
                yield return new NodeChange<T>(NodeChangeKind.Changed, node.Node, node, known);
        }
    }

    private IReadOnlyDictionary<string, NodeStatus<T>> NodesOf(IEnumerable<TreeCacheEntry> znodes)
    {
        Dictionary<string, NodeStatus<T>> nodes = new(StringComparer.Ordinal);
        foreach (var znode in znodes)
        {
            if (StatusOf(znode) is { } status)
                nodes[status.Node] = status;
        }
        return nodes;
    }

    private NodeStatus<T>? StatusOf(TreeCacheEntry znode)
    {
        var name = ZNodePath.Name(znode.Path).ToString();
        if (_view?.Current.GetValueOrDefault(name) is { } known && known.Zxid == znode.Stat.Mzxid)
            return known;

        try
        {
            return JsonSerializer.Deserialize(znode.Data.Span, _typeInfo) is { } status
                ? new NodeStatus<T>(name, status, znode.Stat.Mzxid, DateTimeOffset.FromUnixTimeMilliseconds(znode.Stat.Mtime))
                : null;
        }
        catch (JsonException exception)
        {
            LogNotUnderstood(exception, znode.Path);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data of {Path} is not a status; it is passed over")]
    private partial void LogNotUnderstood(Exception exception, string path);
}
