using System.Diagnostics;
using System.Globalization;
using OrleansKeeper.Tests.Ports;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>
/// One OrleansKeeper silo, from the Release build of the solution: on SQLite, or on a PostgreSQL database that it shares with others.
/// </summary>
public sealed class SiloProcess : ServerProcess
{
    /// <summary>The name of the Orleans cluster and service that the silo is.</summary>
    public const string ClusterId = "keeper-interop";

    private readonly int[] _ports;
    private readonly TimeSpan _containerCheckInterval;
    private readonly string? _connectionString;

    /// <param name="name">For the log.</param>
    /// <param name="containerCheckInterval">How often unused containers are looked for.</param>
    /// <param name="connectionString">The database; without one the silo keeps its data in a folder of its own.</param>
    public SiloProcess(string name, TimeSpan containerCheckInterval, string? connectionString = null)
        : this(name, containerCheckInterval, connectionString, FreePorts.Take(4))
    {
    }

    private SiloProcess(string name, TimeSpan containerCheckInterval, string? connectionString, int[] ports)
        : base(name, ports[0])
    {
        _ports = ports;
        _containerCheckInterval = containerCheckInterval;
        _connectionString = connectionString;
    }

    public override bool IsOurs => true;

    /// <summary>Where .NET clients connect.</summary>
    public string Gateway => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_ports[3]}");

    public static string Assembly { get; } =
        Path.Combine(RepositoryRoot.Path, "Silo", "bin", "Release", "net10.0", "OrleansKeeper.Silo.dll");

    protected override ProcessStartInfo Command() => new("dotnet",
    [
        Assembly,
        Setting("Keeper:ClientPort", _ports[0]),
        .. StorageSettings,
        Setting("Keeper:AdminPort", _ports[1]),
        Setting("Orleans:Endpoints:SiloPort", _ports[2]),
        Setting("Orleans:Endpoints:GatewayPort", _ports[3]),
        $"--Orleans:ClusterId={ClusterId}",
        $"--Orleans:ServiceId={ClusterId}",
        Setting("Keeper:MaxClientConnections", 0),
        Setting("Keeper:ContainerCheckInterval", (int)_containerCheckInterval.TotalMilliseconds),
        $"--Keeper:SuperDigest={ZooKeeperProcess.SuperDigest}",
    ]);

    private string[] StorageSettings => _connectionString is null
        ? [$"--Keeper:DataDirectory={DataFolder}"]
        : ["--environment", "Cluster", $"--ConnectionStrings:Keeper={_connectionString}", "--Orleans:Endpoints:AdvertisedIPAddress=127.0.0.1"];

    private static string Setting(string name, int value) =>
        string.Create(CultureInfo.InvariantCulture, $"--{name}={value}");
}
