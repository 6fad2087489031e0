using System.Diagnostics;

namespace OrleansKeeper.Tests.Robustness.Processes;

/// <summary>How to start the kind of server that is under test.</summary>
internal abstract class ServerKind
{
    private const string TargetVariable = "KEEPER_ROBUSTNESS_TARGET";

    /// <summary>The silo, unless the environment asks for a ZooKeeper as a stand-in, which checks the tests themselves.</summary>
    public static ServerKind UnderTest { get; } = Environment.GetEnvironmentVariable(TargetVariable) switch
    {
        null or "" or "silo" => new SiloKind(),
        "zookeeper" => new ZooKeeperKind(),
        var other => throw new InvalidOperationException($"{TargetVariable}={other}: expected silo or zookeeper."),
    };

    public abstract string Name { get; }

    /// <summary>What a process of this kind returns after SIGTERM: a silo that stopped in good order has succeeded.</summary>
    public abstract int TerminatedExitCode { get; }

    /// <summary>Whether a read behind a sync shows everything that any server had acknowledged before the sync.</summary>
    public abstract bool HasLinearizableSync { get; }

    /// <summary>Whether a server that nothing befalls keeps its connections, whatever befalls the others.</summary>
    public abstract bool KeepsConnections { get; }

    public abstract ProcessStartInfo StartInfo(ServerSettings settings);

    /// <summary>Skips a test of what ZooKeeper does not promise.</summary>
    public static void RequireSilo(string because) => Assert.SkipWhen(UnderTest is ZooKeeperKind, because);
}
