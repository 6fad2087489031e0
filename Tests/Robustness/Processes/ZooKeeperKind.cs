using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>A standalone ZooKeeper from the distribution's packages, with the defaults of its sample configuration.</summary>
internal sealed class ZooKeeperKind : ServerKind
{
    private const string JarFolder = "/usr/share/java";

    private static readonly string[] Jars =
    [
        "zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-simple", "netty-all", "commons-cli", "commons-io", "snappy-java", "metrics-core",
    ];

    public override string Name => "zookeeper";

    // 128 + SIGTERM: what a Java virtual machine returns after its shutdown hooks.
    public override int TerminatedExitCode => 143;

    public override ProcessStartInfo StartInfo(ServerSettings settings)
    {
        Directory.CreateDirectory(settings.DataDirectory);
        var configuration = settings.DataDirectory + ".cfg";
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            tickTime=2000
            dataDir={settings.DataDirectory}
            clientPort={settings.Ports[0]}
            clientPortAddress=127.0.0.1
            maxClientCnxns={settings.MaxClientConnections ?? 0}
            admin.enableServer=false

            """));

        return new ProcessStartInfo("java")
        {
            ArgumentList =
            {
                "-Xmx384m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                string.Join(':', Jars.Select(jar => $"{JarFolder}/{jar}.jar")),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                configuration,
            },
        };
    }
}
