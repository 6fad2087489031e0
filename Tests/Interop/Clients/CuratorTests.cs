using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>Curator, the Java client that most JVM projects use, and its recipes.</summary>
[Collection<TargetCollection>]
public sealed class CuratorTests(TargetServers servers, CuratorTests.Program program) : IClassFixture<CuratorTests.Program>
{
    private static readonly string[] Recipes =
    [
        "mutex", "readWriteLock", "semaphore", "leaderLatch", "leaderSelector", "barrier", "doubleBarrier", "queue", "cache", "persistentNode",
        "groupMember", "sharedCount", "atomicLong", "transactions", "fluent",
    ];

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task RecipesWork(Target target)
    {
        string[] arguments =
            ["-Xmx256m", "-XX:+UseSerialGC", "-cp", $"{program.Folder}:{JavaArchives.ClassPath(JavaArchives.Curator)}", "Recipes", servers.ConnectString(target), $"/curator-{Guid.NewGuid():n}"];
        var output = await ClientProcess.RunAsync("java", arguments);
        output.AssertSucceeded();
        TestContext.Current.TestOutputHelper?.Write(output.Output);
        Assert.Equal(Recipes, output.Lines.Where(line => line.EndsWith(" ms", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]));
    }

    /// <summary>The compiled programs, for as long as a class's tests run.</summary>
    public sealed class Program : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keeper-interop-curator-");

        public string Folder => _folder.FullName;

        public async ValueTask InitializeAsync()
        {
            string[] sources = [ClientProcess.SourceFile("Curator", "Recipes.java"), ClientProcess.SourceFile("Curator", "Contender.java")];
            var output = await ClientProcess.RunAsync("javac", ["-cp", JavaArchives.ClassPath(JavaArchives.Curator), "-d", Folder, .. sources]);
            Assert.True(output.ExitCode == 0, output.Errors);
        }

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
