using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>
/// A ZooKeeper from the distribution's packages, standalone or one of an ensemble, with the defaults of its sample configuration.
/// </summary>
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

    public override bool HasLinearizableSync => false;

    public override bool KeepsConnections => false;

    public override ProcessStartInfo StartInfo(ServerSettings settings)
    {
        Directory.CreateDirectory(settings.DataDirectory);
        var configuration = settings.DataDirectory + ".cfg";
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            tickTime={settings.TickTime.TotalMilliseconds}
            dataDir={settings.DataDirectory}
            clientPort={settings.Ports[0]}
            clientPortAddress=127.0.0.1
            maxClientCnxns={settings.MaxClientConnections ?? 0}
            admin.enableServer=false
            4lw.commands.whitelist=*
            {Ensemble(settings)}

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

    private static string Ensemble(ServerSettings settings)
    {
        if (settings.Cluster is not { } cluster)
            return "";

        var number = Array.FindIndex(cluster, server => server.Ports[0] == settings.Ports[0]) + 1;
        File.WriteAllText(Path.Combine(settings.DataDirectory, "myid"), number.ToString(CultureInfo.InvariantCulture));
        var servers = cluster.Select((server, index) => $"server.{index + 1}=127.0.0.1:{server.Ports[2]}:{server.Ports[3]}");
        return string.Join('\n', ["initLimit=10", "syncLimit=5", .. servers]);
    }
}
