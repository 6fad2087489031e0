namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>There is no server that a request could go to.</summary>
/// <param name="path">Below which znode the servers register.</param>
public sealed class NoServerException(string path) : Exception($"No server is registered below {path}.")
{
    /// <summary>Below which znode the servers register.</summary>
    public string Path { get; } = path;
}
