using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>Servers that look for unused containers and outdated TTL znodes twice a second.</summary>
public sealed class SweepingServers : IAsyncLifetime
{
    public ServerPair Servers { get; } = new(TimeSpan.FromMilliseconds(500));

    public ValueTask InitializeAsync() => Servers.InitializeAsync();

    public ValueTask DisposeAsync() => Servers.DisposeAsync();
}
