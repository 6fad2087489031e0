using OrleansKeeper.ClientSdk;
using OrleansKeeper.ClientSdk.Recipes;
using OrleansKeeper.ClientSdk.Recipes.Barriers;
using OrleansKeeper.ClientSdk.Recipes.Locks;
using OrleansKeeper.Tests.Interop.Clients;
using OrleansKeeper.Tests.Interop.Servers;

namespace OrleansKeeper.Tests.Interop.Recipes;

/// <summary>A kazoo client, over ZooKeeper's protocol, and a .NET client, over Orleans, use the same recipe at the same path.</summary>
public sealed class KazooContentionTests(ServerPair servers)
{
    private const int Turns = 25;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _path = $"/kazoo-and-sdk-{Guid.NewGuid():n}";

    [Theory]
    [InlineData("lock", RecipeLayout.Kazoo)]
    [InlineData("lock of Curator's layout", RecipeLayout.Curator)]
    [InlineData("write lock", RecipeLayout.Kazoo)]
    [InlineData("election", RecipeLayout.Kazoo)]
    public async Task BothContendAndExcludeEachOther(string kind, RecipeLayout layout)
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        var contender = new SdkContender(client, _path, kind, layout);
        await contender.PrepareAsync();

        // kazoo queues up behind us before either has had a turn, so that they do contend.
        var held = await contender.AcquireAsync();
        string[] arguments = [ClientProcess.SourceFile("Kazoo", "contender.py"), servers.Ours.ConnectString, _path, kind, $"{Turns}"];
        var kazoo = ClientProcess.RunAsync(KazooTests.Python, arguments);
        await WaitForChildrenAsync(client, 2);
        await held.DisposeAsync();
        await contender.ContendAsync(Turns).WaitAsync(Limit);

        (await kazoo).AssertSucceeded();
        Assert.Equal(2 * Turns, await contender.CountAsync());
        Assert.Equal(contender.Tokens.Order().Distinct(), contender.Tokens);
        await WaitForChildrenAsync(client, 0);
    }

    [Theory]
    [InlineData("lock")]
    [InlineData("write lock")]
    public async Task SdkWaitsForKazoo(string kind)
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        await using var processes = new KazooProcesses();
        var holder = processes.Start("holder.py", servers.Ours.ConnectString, _path, kind);
        Assert.Equal("held", await KazooProcesses.ReadLineAsync(holder));
        var @lock = new DistributedLock(client, _path);
        Assert.Null(await @lock.TryAcquireAsync());
        Assert.Equal("kazoo", Assert.Single(await @lock.GetContendersAsync()).Identity);
        var waiting = @lock.AcquireAsync();
        await WaitForChildrenAsync(client, 2);
        Assert.False(waiting.IsCompleted);

        await holder.StandardInput.WriteLineAsync();

        await using var held = await waiting.WaitAsync(Limit);
        Assert.Equal("released", await KazooProcesses.ReadLineAsync(holder));
    }

    [Fact]
    public async Task SdkIsGrantedTheLockOfAKazooClientThatDies()
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        await using var processes = new KazooProcesses();
        var holder = processes.Start("holder.py", servers.Ours.ConnectString, _path, "lock");
        Assert.Equal("held", await KazooProcesses.ReadLineAsync(holder));
        var waiting = new DistributedLock(client, _path).AcquireAsync();
        await WaitForChildrenAsync(client, 2);

        holder.Kill();

        await using var held = await waiting.WaitAsync(Limit);
    }

    [Fact]
    public async Task ReadersOfBothShareAndWritersOfBothExclude()
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        await using var processes = new KazooProcesses();
        var @lock = new DistributedReadWriteLock(client, _path);
        var reader = await @lock.ReadLock.AcquireAsync();
        var kazooReader = processes.Start("holder.py", servers.Ours.ConnectString, _path, "read lock");
        Assert.Equal("held", await KazooProcesses.ReadLineAsync(kazooReader));
        Assert.Null(await @lock.WriteLock.TryAcquireAsync());
        await reader.DisposeAsync();
        Assert.Null(await @lock.WriteLock.TryAcquireAsync());

        await kazooReader.StandardInput.WriteLineAsync();
        Assert.Equal("released", await KazooProcesses.ReadLineAsync(kazooReader));
        var writer = await @lock.WriteLock.AcquireAsync().WaitAsync(Limit);
        var nextReader = processes.Start("holder.py", servers.Ours.ConnectString, _path, "read lock");
        await WaitForChildrenAsync(client, 2);
        var line = KazooProcesses.ReadLineAsync(nextReader);
        Assert.False(line.IsCompleted);
        await writer.DisposeAsync();
        Assert.Equal("held", await line);
    }

    [Fact]
    public async Task BothWaitAtTheSameBarrier()
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        await using var processes = new KazooProcesses();
        var holder = processes.Start("holder.py", servers.Ours.ConnectString, _path, "barrier");
        Assert.Equal("held", await KazooProcesses.ReadLineAsync(holder));
        var barrier = new DistributedBarrier(client, _path);
        Assert.True(await barrier.IsSetAsync());
        var waiting = barrier.WaitAsync();
        await holder.StandardInput.WriteLineAsync();
        await waiting.WaitAsync(Limit);
    }

    [Fact]
    public async Task BothCrossTheSameDoubleBarrier()
    {
        await using var client = await SdkClients.ConnectAsync(servers);
        await using var processes = new KazooProcesses();
        for (var i = 0; i < 3; i++)
        {
            var holder = processes.Start("holder.py", servers.Ours.ConnectString, _path, "double barrier");
            await using var membership = await new DistributedDoubleBarrier(client, _path, 2).EnterAsync().WaitAsync(Limit);
            Assert.Equal("held", await KazooProcesses.ReadLineAsync(holder));
            var leaving = membership.LeaveAsync();
            await holder.StandardInput.WriteLineAsync();
            await leaving.WaitAsync(Limit);
            Assert.Equal("released", await KazooProcesses.ReadLineAsync(holder));
            await WaitForChildrenAsync(client, 0);
        }
    }

    private Task WaitForChildrenAsync(IKeeperClient client, int count) => SdkClients.WaitForChildrenAsync(client, _path, count);
}
