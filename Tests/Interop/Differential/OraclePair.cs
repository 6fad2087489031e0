using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>
/// A ZooKeeper and a server under test that nothing but comparisons talks to: the root znode's children and counters and the
/// next zxid are part of what is compared.
/// </summary>
public sealed class OraclePair : IAsyncLifetime
{
    public ServerPair Servers { get; } = new();

    public ValueTask InitializeAsync() => Servers.InitializeAsync();

    public ValueTask DisposeAsync() => Servers.DisposeAsync();
}
