using System.Diagnostics;
using System.Globalization;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>Apache ZooKeeper of the Debian package, standalone, with TTL nodes and every four-letter word switched on.</summary>
public sealed class ZooKeeperProcess(string name, TimeSpan containerCheckInterval) : ServerProcess(name, FreePort.Find(1)[0])
{
    /// <summary>The digest of "super:test".</summary>
    public const string SuperDigest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";

    public override bool IsOurs => false;

    protected override ProcessStartInfo Command()
    {
        var configuration = Path.Combine(DataFolder, "zoo.cfg");
        File.WriteAllText(configuration, $"""
            tickTime=2000
            dataDir={DataFolder}
            clientPort={EndPoint.Port}
            clientPortAddress=127.0.0.1
            maxClientCnxns=0
            admin.enableServer=false
            4lw.commands.whitelist=*

            """);
        return new ProcessStartInfo("java",
        [
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-Dzookeeper.extendedTypesEnabled=true",
            "-Dzookeeper.forceSync=no",
            $"-Dzookeeper.DigestAuthenticationProvider.superDigest={SuperDigest}",
            string.Create(CultureInfo.InvariantCulture, $"-Dznode.container.checkIntervalMs={containerCheckInterval.TotalMilliseconds}"),
            "-cp", JavaArchives.ClassPath(JavaArchives.ZooKeeper),
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            configuration,
        ]);
    }
}
