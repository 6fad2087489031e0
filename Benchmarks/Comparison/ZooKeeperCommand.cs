using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Benchmarks.Comparison;

/// <summary>How to start a standalone ZooKeeper from Debian's packages, with the defaults of its sample configuration.</summary>
internal static class ZooKeeperCommand
{
    private static readonly string[] Jars =
    [
        "zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-nop", "netty-all", "commons-cli", "commons-io", "snappy-java", "metrics-core",
    ];

    public static ProcessStartInfo Create(string folder, int[] ports)
    {
        var configuration = Path.Combine(folder, "zoo.cfg");
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            tickTime=2000
            dataDir={folder}
            clientPort={ports[0]}
            clientPortAddress=127.0.0.1
            maxClientCnxns=0
            admin.enableServer=false

            """));
        var classPath = string.Join(':', Jars.Select(jar => $"/usr/share/java/{jar}.jar"));
        return new ProcessStartInfo("java")
        {
            ArgumentList = { "-Xmx2g", "-cp", classPath, "org.apache.zookeeper.server.quorum.QuorumPeerMain", configuration },
        };
    }
}
