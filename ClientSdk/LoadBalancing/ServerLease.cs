using OrleansKeeper.ClientSdk.Servers;

namespace OrleansKeeper.ClientSdk.LoadBalancing;

/// <summary>A server that was chosen for one request. Dispose it, once, when the request has ended.</summary>
public readonly struct ServerLease : IDisposable
{
    private readonly ServerLoad _load;

    internal ServerLease(ServerLoad load)
    {
        _load = load;
        load.Begin();
    }

    /// <summary>The server.</summary>
    public RegisteredServer Server => _load.Server;

    /// <inheritdoc/>
    public void Dispose() => _load.End();
}
