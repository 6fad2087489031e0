using OrleansKeeper.ClientSdk.Recipes;
using OrleansKeeper.Tests.Interop.Clients;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Recipes;

/// <summary>A Curator client, over ZooKeeper's protocol, and a .NET client, over Orleans, use the same recipe at the same path.</summary>
public sealed class CuratorContentionTests(ServerPair servers, CuratorTests.Program program) : IClassFixture<CuratorTests.Program>
{
    private const int Turns = 25;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _path = $"/curator-and-sdk-{Guid.NewGuid():n}";

    [Theory]
    [InlineData("lock")]
    [InlineData("write lock")]
    [InlineData("semaphore")]
    [InlineData("election")]
    public async Task BothContendAndExcludeEachOther(string kind)
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        var contender = new SdkContender(client, _path, kind, RecipeLayout.Curator);
        await contender.PrepareAsync();
        string[] arguments =
        [
            "-Xmx256m", "-XX:+UseSerialGC", "-cp", $"{program.Folder}:{JavaArchives.ClassPath(JavaArchives.Curator)}", "Contender",
            servers.Ours.ConnectString, _path, kind, $"{Turns}",
        ];

        var held = await contender.AcquireAsync();
        var curator = ClientProcess.RunAsync("java", arguments);
        await SdkClients.WaitForChildrenAsync(client, kind == "semaphore" ? _path + "/leases" : _path, 2);
        await held.DisposeAsync();
        await contender.ContendAsync(Turns).WaitAsync(Limit);

        (await curator).AssertSucceeded();
        Assert.Equal(2 * Turns, await contender.CountAsync());
        Assert.Equal(contender.Tokens.Order().Distinct(), contender.Tokens);
    }
}
