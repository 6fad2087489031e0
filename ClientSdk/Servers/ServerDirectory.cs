using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Caching;
using OrleansKeeper.ClientSdk.Watches;
using OrleansKeeper.Protocol;

namespace OrleansKeeper.ClientSdk.Servers;

/// <summary>
/// Which servers of a service are online: the list is at hand in memory, and follows the registrations. While the connection is lost the
/// last list stays good.
/// </summary>
public sealed partial class ServerDirectory : IAsyncDisposable
{
    private readonly ILogger _logger;
    private LiveView<ServerList> _view = null!;

    private ServerDirectory(string path, ILogger logger)
    {
        Path = path;
        _logger = logger;
    }

    /// <summary>Reads who is online and begins to follow.</summary>
    /// <param name="client">The client.</param>
    /// <param name="path">Below which znode the servers register: <c>/servers/orders</c>. It may be missing: nobody is online then.</param>
    /// <param name="logger">Hears of registrations that cannot be understood.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeeperException">The client was disposed. While the service cannot be reached this waits.</exception>
    public static async Task<ServerDirectory> OpenAsync(
        IKeeperClient client, string path, ILogger<ServerDirectory>? logger = null, CancellationToken cancellationToken = default)
    {
        var directory = new ServerDirectory(path, logger ?? NullLogger<ServerDirectory>.Instance);
        directory._view = await LiveView<ServerList>
            .OpenAsync(client, path, directory.ListOf, directory._logger, cancellationToken)
            .ConfigureAwait(false);
        return directory;
    }

    /// <summary>Below which znode the servers register.</summary>
    public string Path { get; }

    /// <summary>Who is online.</summary>
    public ServerList Current => _view.Current;

    /// <summary>Who is online, and a token that is cancelled as soon as there is another list.</summary>
    public (ServerList Servers, CancellationToken Replaced) Latest => _view.Latest;

    /// <summary>Who is online now, and what is different after each change; several changes in a row may be told as one.</summary>
    public async IAsyncEnumerable<ServersChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var before = ServerList.Empty;
        await foreach (var now in _view.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return ServersChange.Between(before, now);
            before = now;
        }
    }

    /// <summary>Stops following.</summary>
    public ValueTask DisposeAsync() => _view.DisposeAsync();

    private ServerList ListOf(IEnumerable<TreeCacheEntry> znodes)
    {
        List<RegisteredServer> servers = [];
        foreach (var znode in znodes)
        {
            if (ServerDescription.TryDecode(znode.Data.Span, out var description))
                servers.Add(new RegisteredServer(ZNodePath.Name(znode.Path).ToString(), description, znode.Stat.Mzxid));
            else
                LogNotUnderstood(znode.Path);
        }
        return new ServerList(servers);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data of {Path} is not the address of a server; it is passed over")]
    private partial void LogNotUnderstood(string path);
}
