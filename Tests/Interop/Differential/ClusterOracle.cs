using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Differential;

/// <summary>A ZooKeeper and a cluster under test that nothing but comparisons talks to, as <see cref="OraclePair"/>.</summary>
public sealed class ClusterOracle : IAsyncLifetime
{
    public ServerProcess Reference { get; } = new ZooKeeperProcess("reference", TimeSpan.FromHours(1));

    public ServerCluster Ours { get; } = new();

    public async ValueTask InitializeAsync()
    {
        try
        {
            await Task.WhenAll(Reference.StartAsync(), Ours.StartAsync());
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (KeepLogsOnFailureAttribute.AnyTestFailed)
        {
            Reference.KeepLogs();
            Ours.KeepLogs();
        }
        await Reference.DisposeAsync();
        await Ours.DisposeAsync();
    }
}
