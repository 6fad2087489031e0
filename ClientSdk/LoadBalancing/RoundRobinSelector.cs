namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>One server after the other.</summary>
public sealed class RoundRobinSelector : IServerSelector
{
    private uint _last = uint.MaxValue;

    /// <inheritdoc/>
    public int Select(ReadOnlySpan<ServerLoad> servers) => (int)(Interlocked.Increment(ref _last) % (uint)servers.Length);
}
