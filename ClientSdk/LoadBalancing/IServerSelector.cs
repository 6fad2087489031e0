namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>Says which server the next request goes to. Called by many threads at once.</summary>
public interface IServerSelector
{
    /// <summary>Chooses one of the servers.</summary>
    /// <param name="servers">Those that are online; at least one.</param>
    /// <returns>The index of the chosen one.</returns>
    int Select(ReadOnlySpan<ServerLoad> servers);
}
