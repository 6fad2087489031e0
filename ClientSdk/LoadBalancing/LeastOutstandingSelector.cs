namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>The server with the fewest requests of this client under way; among equals one after the other.</summary>
public sealed class LeastOutstandingSelector : IServerSelector
{
    private uint _last = uint.MaxValue;

    /// <inheritdoc/>
    public int Select(ReadOnlySpan<ServerLoad> servers)
    {
        var first = (int)(Interlocked.Increment(ref _last) % (uint)servers.Length);
        var best = first;
        var fewest = servers[first].Outstanding;
        for (var step = 1; step < servers.Length && fewest > 0; step++)
        {
            var index = (first + step) % servers.Length;
            if (servers[index].Outstanding is var outstanding && outstanding < fewest)
                (best, fewest) = (index, outstanding);
        }
        return best;
    }
}
