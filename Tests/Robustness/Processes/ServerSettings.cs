using System.Collections.ObjectModel;
using System.Globalization;
using System.Net;
using OrleansKeeper.Tests.Ports;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>What a server process is started with: ports and folder stay the same over its restarts.</summary>
internal sealed record ServerSettings(string DataDirectory, int[] Ports)
{
    public const int PortCount = 4;

    public IPEndPoint ClientEndPoint => new(IPAddress.Loopback, Ports[0]);

    /// <summary>Where other silos connect.</summary>
    public int SiloPort => Ports[2];

    /// <summary>Where .NET clients connect.</summary>
    public int GatewayPort => Ports[3];

    /// <summary><see cref="GatewayPort"/> as .NET clients are told it.</summary>
    public string Gateway => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{GatewayPort}");

    /// <summary>The most connections from one address; null leaves the server's default.</summary>
    public int? MaxClientConnections { get; init; }

    /// <summary>Sessions expire at multiples of it, and last at least two.</summary>
    public TimeSpan TickTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>All servers of the cluster that this is one of, itself too; null for a server alone.</summary>
    public ServerSettings[]? Cluster { get; init; }

    /// <summary>More arguments of the silo.</summary>
    public string[] Arguments { get; init; } = [];

    /// <summary>What the silo's environment has besides that of the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public static ServerSettings In(string folder) => new(Path.Combine(folder, "data"), FreePorts.Take(PortCount));
}
