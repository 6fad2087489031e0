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
        var output = await ClientProcess.RunAsync(program.Path, [servers.ConnectString(target), $"/c-{Guid.NewGuid():n}"]);
        output.AssertSucceeded();
    }

    /// <summary>The compiled client, for as long as this class's tests run.</summary>
    public sealed class Program : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keeper-interop-c-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "client");

        public async ValueTask InitializeAsync()
        {
            var source = ClientProcess.SourceFile("CClient", "client.c");
            var output = await ClientProcess.RunAsync("gcc", ["-DTHREADED", "-Wall", "-o", Path, source, "-lzookeeper_mt", "-lpthread"]);
            Assert.True(output.ExitCode == 0, output.Errors);
        }

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
