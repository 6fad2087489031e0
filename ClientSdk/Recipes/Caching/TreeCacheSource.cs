using OrleansKeeper.ClientSdk.Errors;
using OrleansKeeper.ClientSdk.Recipes.Outcomes;

namespace OrleansKeeper.ClientSdk.Recipes.Caching;

/// <summary>Reads for a tree cache, until the service answers. A znode that an access control list hides is as one that is not there.</summary>
internal sealed class TreeCacheSource(IKeeperClient client, TreeCacheOptions options)
{
    public Task<ZNodeContent?> ReadAsync(string path, CancellationToken cancellationToken) =>
        client.UntilAnsweredAsync(() => ReadOnceAsync(path, cancellationToken), options.TimeProvider, cancellationToken);

    public Task<IReadOnlyList<string>> ReadChildrenAsync(string path, CancellationToken cancellationToken) =>
        client.UntilAnsweredAsync(() => ReadChildrenOnceAsync(path, cancellationToken), options.TimeProvider, cancellationToken);

    private async Task<ZNodeContent?> ReadOnceAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (options.CacheData)
                return await client.GetAsync(path, cancellationToken).ConfigureAwait(false);
            return await client.ExistsAsync(path, cancellationToken).ConfigureAwait(false) is { } stat
                ? new ZNodeContent(ReadOnlyMemory<byte>.Empty, stat)
                : null;
        }
        catch (KeeperException exception) when (exception is NoNodeException or NoAuthException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> ReadChildrenOnceAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetChildrenAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (KeeperException exception) when (exception is NoNodeException or NoAuthException)
        {
            return [];
        }
    }
}
