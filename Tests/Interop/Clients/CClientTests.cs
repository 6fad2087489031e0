using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Clients;

/// <summary>ZooKeeper's C client, which Python, Perl and many others are built on.</summary>
[Collection<TargetCollection>]
public sealed class CClientTests(TargetServers servers, CClientTests.Program program) : IClassFixture<CClientTests.Program>
{
    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    [InlineData(Target.Cluster)]
    public async Task EveryCallWorks(Target target)
    {
        var output = await ClientProcess.RunAsync(program.PathOf("client"), [servers.ConnectString(target), $"/c-{Guid.NewGuid():n}"]);
        output.AssertSucceeded();
    }

    /// <summary>The compiled programs, for as long as a class's tests run.</summary>
    public sealed class Program : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keeper-interop-c-");

        public string PathOf(string name) => Path.Combine(_folder.FullName, name);

        public async ValueTask InitializeAsync()
        {
            foreach (var name in (string[])["client", "moving"])
            {
                var source = ClientProcess.SourceFile("CClient", name + ".c");
                var output = await ClientProcess.RunAsync("gcc", ["-DTHREADED", "-Wall", "-o", PathOf(name), source, "-lzookeeper_mt", "-lpthread"]);
                Assert.True(output.ExitCode == 0, output.Errors);
            }
        }

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
