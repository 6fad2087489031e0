namespace OrleansKeeper.Tests.Interop.Servers;

/// <summary>The Java archives of Debian's packages.</summary>
public static class JavaArchives
{
    private const string Folder = "/usr/share/java";

    /// <summary>What ZooKeeper itself needs, client and server.</summary>
    public static IReadOnlyList<string> ZooKeeper { get; } =
    [
        "zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-simple", "netty-all", "commons-cli", "commons-io", "snappy-java", "metrics-core",
    ];

    public static IReadOnlyList<string> Curator { get; } =
        [.. ZooKeeper, "curator-client", "curator-framework", "curator-recipes", "guava", "jackson-core", "jackson-databind", "jackson-annotations"];

    public static string ClassPath(params IEnumerable<string> archives) =>
        string.Join(':', archives.Select(archive => $"{Folder}/{archive}.jar"));
}
