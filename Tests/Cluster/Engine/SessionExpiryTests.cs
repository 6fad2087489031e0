using System.Diagnostics;
using OrleansKeeper.ClientSdk.Testing;
using OrleansKeeper.Grains.Replication;
using OrleansKeeper.Grains.Sequencing;
using OrleansKeeper.Grains.Sessions;
using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;

namespace OrleansKeeper.Tests.Cluster.Engine;

public sealed class SessionExpiryTests
{
    private const int Timeout = 2000;

    /// <summary>A tick, and what a loaded machine may add.</summary>
    private const int Slack = 100 + 2500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task SilentSessionExpiresAndTakesItsEphemeralsUnderOneZxid()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var replica = cluster.Get<Replica>();
        var (sessionId, output) = await OpenAsync(cluster);
        var heard = Stopwatch.GetTimestamp();
        await cluster.ZNode("/p").Create([]);
        await CreateEphemeralAsync(cluster, sessionId, "/p/a");
        await CreateEphemeralAsync(cluster, sessionId, "/p/b");
        Assert.Equal(sessionId, (await cluster.ZNode("/p/a").Get())!.Stat.EphemeralOwner);

        await Eventually.IsTrueAsync(() => replica.FindSession(sessionId) is null);

        Assert.InRange(Stopwatch.GetElapsedTime(heard).TotalMilliseconds, Timeout, Timeout + Slack);
        Assert.Null(await cluster.ZNode("/p/a").Get());
        Assert.Null(await cluster.ZNode("/p/b").Get());
        var parent = await cluster.ZNode("/p").Get();
        Assert.Equal(4, parent!.Stat.Cversion);
        Assert.Equal(replica.Watermark, parent.Stat.Pzxid);
        await output.Closed.WaitAsync(Patience);
    }

    [Fact]
    public async Task SessionThatIsHeardFromStays()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var replica = cluster.Get<Replica>();
        var (sessionId, _) = await OpenAsync(cluster);
        var session = cluster.Get<ClientSessionTable>().All.Single();
        var (silentId, _) = await OpenAsync(cluster);

        // As long as one that is silent takes to expire twice over.
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started).TotalMilliseconds < 3 * Timeout; await Task.Delay(20))
            session.Touch();
        Assert.NotNull(replica.FindSession(sessionId));
        await Eventually.IsTrueAsync(() => replica.FindSession(silentId) is null);

        await Eventually.IsTrueAsync(() => replica.FindSession(sessionId) is null);
    }

    [Fact]
    public async Task SessionsSurviveARestartWithAFullTimeout()
    {
        // Longer than a restart takes on a loaded machine, or they expire before they are looked at.
        const int LongTimeout = 6000;
        await using var cluster = await KeeperTestCluster.StartAsync();
        var (sessionId, _) = await OpenAsync(cluster, timeout: LongTimeout);
        await CreateEphemeralAsync(cluster, sessionId, "/e");
        await cluster.Get<Checkpointer>().CheckpointAsync(default);
        var (laterId, _) = await OpenAsync(cluster, timeout: LongTimeout);
        await cluster.RestartSiloAsync();

        var replica = cluster.Get<Replica>();
        Assert.Equal(LongTimeout, replica.FindSession(sessionId)!.TimeoutMilliseconds);
        Assert.NotNull(replica.FindSession(laterId));
        Assert.Equal(["/e"], replica.Ephemerals.PathsOf(sessionId));
        Assert.NotNull(await cluster.ZNode("/e").Get());

        await Eventually.IsTrueAsync(() => replica.SessionCount == 0);
        Assert.Null(await cluster.ZNode("/e").Get());
        Assert.Equal(0, replica.Ephemerals.Count);
    }

    [Fact]
    public async Task SessionExpiresOfWhichNothingIsInMemory()
    {
        const int Groups = 200;
        await using var cluster = await KeeperTestCluster.StartAsync();
        for (var group = 0; group < Groups; group++)
            await cluster.ZNode($"/{group}").Create([]);
        var (sessionId, _) = await OpenAsync(cluster, timeout: 6000);
        for (var group = 0; group < Groups; group++)
            await CreateEphemeralAsync(cluster, sessionId, $"/{group}/e");
        await cluster.Get<Checkpointer>().CheckpointAsync(default);
        await cluster.RestartSiloAsync();

        var replica = cluster.Get<Replica>();
        Assert.Equal(Groups, replica.Ephemerals.Count);
        await Eventually.IsTrueAsync(() => replica.SessionCount == 0);

        Assert.Equal(0, replica.Ephemerals.Count);
        for (var group = 0; group < Groups; group++)
            Assert.Empty(await cluster.ZNode($"/{group}").GetChildren());
    }

    [Fact]
    public async Task PasswordOfAnotherSessionDoesNotAttach()
    {
        await using var cluster = await KeeperTestCluster.StartAsync();
        var factory = cluster.Get<SessionFactory>();
        var (first, firstPassword) = await factory.OpenAsync(factory.Negotiate(60_000));
        var (_, otherPassword) = await factory.OpenAsync(factory.Negotiate(1));

        Assert.True(await factory.MayAttachAsync(first, firstPassword));
        Assert.False(await factory.MayAttachAsync(first, otherPassword));
        Assert.False(await factory.MayAttachAsync(first + 1, firstPassword));
        Assert.Equal((200, 2000, 700), (factory.Negotiate(1), factory.Negotiate(60_000), factory.Negotiate(700)));
    }

    private static async Task<(long SessionId, DiscardingOutput Output)> OpenAsync(KeeperTestCluster cluster, int timeout = Timeout)
    {
        var factory = cluster.Get<SessionFactory>();
        var (sessionId, _) = await factory.OpenAsync(timeout);
        var output = new DiscardingOutput();
        factory.Attach(sessionId, timeout, "127.0.0.1", output);
        return (sessionId, output);
    }

    private static async Task CreateEphemeralAsync(KeeperTestCluster cluster, long sessionId, string path)
    {
        var body = JuteRecords.ToArray(new CreateRequest(path, [], [.. Acls.OpenUnsafe], (int)CreateMode.Ephemeral));
        var request = SessionlessRequest.Submit(cluster.Get<SubmitQueue>(), OpCode.Create, body, sessionId);
        Assert.Equal(Protocol.ErrorCode.Ok, (await request.Transaction).Error);
    }
}
