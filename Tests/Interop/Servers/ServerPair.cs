namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>
/// The genuine ZooKeeper and the server under test, shared by all tests of the assembly. With the environment variable
/// KEEPER_INTEROP_TARGET=zookeeper a second ZooKeeper stands in for ours: then every test must pass too, or the test is wrong.
/// </summary>
public sealed class ServerPair : IAsyncLifetime
{
    public ServerProcess Reference { get; } = new ZooKeeperProcess("reference");

    public ServerProcess Ours { get; } = Environment.GetEnvironmentVariable("KEEPER_INTEROP_TARGET") switch
    {
        "zookeeper" => new ZooKeeperProcess("stand-in"),
        _ => new SiloProcess("silo"),
    };

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
