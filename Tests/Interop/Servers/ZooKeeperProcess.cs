using System.Diagnostics;
using System.Globalization;
using OrleansKeeper.Tests.Ports;

namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>
/// Apache ZooKeeper of the Debian package, with TTL nodes and every four-letter word switched on: standalone, or one of an ensemble.
/// </summary>
public sealed class ZooKeeperProcess(string name, TimeSpan containerCheckInterval, int id = 0, string ensemble = "")
    : ServerProcess(name, FreePorts.Take(1)[0])
{
    /// <summary>The digest of "super:test".</summary>
    public const string SuperDigest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";

    public override bool IsOurs => false;

    /// <summary>The servers of an ensemble on this machine.</summary>
    public static IReadOnlyList<ZooKeeperProcess> Ensemble(string name, TimeSpan containerCheckInterval, int size)
    {
        var ports = FreePorts.Take(2 * size);
        var servers = string.Join('\n', Enumerable.Range(0, size).Select(index =>
            string.Create(CultureInfo.InvariantCulture, $"server.{index + 1}=127.0.0.1:{ports[2 * index]}:{ports[(2 * index) + 1]}")));
        return [.. Enumerable.Range(1, size).Select(id => new ZooKeeperProcess($"{name}-{id}", containerCheckInterval, id, servers))];
    }

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
            initLimit=10
            syncLimit=5
            {ensemble}

            """);
        File.WriteAllText(Path.Combine(DataFolder, "myid"), id.ToString(CultureInfo.InvariantCulture));
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
