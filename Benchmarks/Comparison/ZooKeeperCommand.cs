using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary>How to start ZooKeeper from Debian's packages, alone or in an ensemble, with the defaults of its sample configuration.</summary>
internal static class ZooKeeperCommand
{
    private const int LeaderPort = 1;
    private const int ElectionPort = 2;

    private static readonly string[] Jars =
    [
        "zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-nop", "netty-all", "commons-cli", "commons-io", "snappy-java", "metrics-core",
    ];

    public static ProcessStartInfo Create(string folder, int[] ports) => Create(folder, ports[0], "");

    /// <summary>How to start a member of an ensemble, by the ports of all: for clients, for the leader and for its election.</summary>
    public static ProcessStartInfo CreateOfEnsemble(string folder, int[][] members, int index)
    {
        var number = index + 1;
        File.WriteAllText(Path.Combine(folder, "myid"), number.ToString(CultureInfo.InvariantCulture));
        var ensemble = members.Select((ports, i) =>
            string.Create(CultureInfo.InvariantCulture, $"server.{i + 1}=127.0.0.1:{ports[LeaderPort]}:{ports[ElectionPort]}"));
        return Create(folder, members[index][0], string.Join('\n', ["initLimit=10", "syncLimit=5", .. ensemble]));
    }

    private static ProcessStartInfo Create(string folder, int clientPort, string ensemble)
    {
        var configuration = Path.Combine(folder, "zoo.cfg");
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            tickTime=2000
            dataDir={folder}
            clientPort={clientPort}
            clientPortAddress=127.0.0.1
            maxClientCnxns=0
            admin.enableServer=false
            {ensemble}

            """));
        var classPath = string.Join(':', Jars.Select(jar => $"/usr/share/java/{jar}.jar"));
        return new ProcessStartInfo("java")
        {
            ArgumentList = { "-Xmx2g", "-cp", classPath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration },
        };
    }
}
