namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>
/// The genuine ZooKeeper and the server under test, shared by all tests of the assembly. With the environment variable
/// KEEPER_INTEROP_TARGET=zookeeper a second ZooKeeper stands in for ours: then every test must pass too, or the test is wrong.
/// </summary>
public sealed class ServerPair : IAsyncLifetime
{
    public ServerPair()
        : this(TimeSpan.FromHours(1))
    {
    }

    /// <summary>A sweep of containers in the middle of a comparison would come on one side first, so most pairs do not sweep.</summary>
    internal ServerPair(TimeSpan containerCheckInterval)
    {
        Reference = new ZooKeeperProcess("reference", containerCheckInterval);
        Ours = Environment.GetEnvironmentVariable("KEEPER_INTEROP_TARGET") == "zookeeper"
            ? new ZooKeeperProcess("stand-in", containerCheckInterval)
            : new SiloProcess("silo", containerCheckInterval);
    }

    public ServerProcess Reference { get; }

    public ServerProcess Ours { get; }

    public ServerProcess this[Target target] => target == Target.ZooKeeper ? Reference : Ours;

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
            Console.WriteLine($"The servers' logs: {Reference.LogPath} {Ours.LogPath}");
        }
        await Reference.DisposeAsync();
        await Ours.DisposeAsync();
    }
}
