using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using OrleansKeeper.Grains;

namespace OrleansKeeper.Silo.FrontEnd;

/// <summary>Counts the connections of each address and in all, and refuses those beyond the limits.</summary>
internal sealed class ConnectionLimiter(IOptions<KeeperOptions> options)
{
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private int _count;

    /// <summary>Counts a connection; says which limit it is beyond when it is.</summary>
    public bool TryAdd(IPAddress address, out string limit)
    {
        var (perAddress, inAll) = (options.Value.MaxClientConnections, options.Value.MaxConnections);
        limit = "";
        if (Interlocked.Increment(ref _count) > inAll && inAll > 0)
            limit = $"MaxConnections = {inAll}";
        else if (_byAddress.AddOrUpdate(address, 1, (_, count) => count + 1) > perAddress && perAddress > 0)
            limit = $"MaxClientConnections = {perAddress}";
        else
            return true;

        // What was counted is taken back by the caller's Remove only where this says true.
        Interlocked.Decrement(ref _count);
        if (limit.StartsWith(nameof(KeeperOptions.MaxClientConnections), StringComparison.Ordinal))
            RemoveAddress(address);
        return false;
    }

    public void Remove(IPAddress address)
    {
        Interlocked.Decrement(ref _count);
        RemoveAddress(address);
    }

    private void RemoveAddress(IPAddress address)
    {
        var left = _byAddress.AddOrUpdate(address, 0, (_, count) => count - 1);
        if (left == 0)
            _byAddress.TryRemove(KeyValuePair.Create(address, 0));
    }
}
