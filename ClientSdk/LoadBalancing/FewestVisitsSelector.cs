namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>The server with the fewest visits of all clients; among equals one after the other.</summary>
public sealed class FewestVisitsSelector : IServerSelector
{
    private uint _last = uint.MaxValue;

    /// <inheritdoc/>
    public int Select(ReadOnlySpan<ServerLoad> servers)
    {
        var first = (int)(Interlocked.Increment(ref _last) % (uint)servers.Length);
        var best = first;
        var fewest = servers[first].Visits;
        for (var step = 1; step < servers.Length; step++)
        {
            var index = (first + step) % servers.Length;
            if (servers[index].Visits is var visits && visits < fewest)
                (best, fewest) = (index, visits);
        }
        return best;
    }
}
