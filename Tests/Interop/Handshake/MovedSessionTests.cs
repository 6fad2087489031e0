using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>A session goes from one server of a cluster to another, which may know less than the session's client.</summary>
[Collection<TargetCollection>]
public sealed class MovedSessionTests(TargetServers servers)
{
    private const int Rounds = 24;
    private const int Ephemeral = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task SessionThatTheOtherServerMayNotKnowYetGoesOnThere()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var path = Bodies.UniquePath();
            await using var first = await RawClient.ConnectAsync(Server(round).EndPoint);
            await using var second = await first.ReattachAsync(Server(round + 1 + (round / 3 % 2)).EndPoint);
            Assert.Equal(first.SessionId, second.SessionId);
            Assert.Equal(ErrorCode.Ok, (await second.CallAsync(OpCode.Create, Bodies.Create(path, Ephemeral))).Err);
            var reply = (await second.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path))).Read();
            Assert.Equal(first.SessionId, reply.Stat().EphemeralOwner);
            await second.CallAsync(OpCode.CloseSession);
        }
    }

    [Fact]
    public async Task ServerThatLagsBehindItsClientCatchesUpFirst()
    {
        const int Writes = 50;
        var path = Bodies.UniquePath();
        var byMode = await servers.Cluster.LeaderFirstAsync();
        var (leader, lagging) = (byMode[0], byMode[1]);
        await using var writer = await RawClient.ConnectAsync(leader.EndPoint);
        await writer.CallAsync(OpCode.Create, Bodies.Create(path));
        Task<RawClient?> connecting;
        await lagging.PauseAsync();
        try
        {
            for (var write = 0; write < Writes; write++)
                Assert.Equal(ErrorCode.Ok, (await writer.CallAsync(OpCode.SetData, Bodies.SetData(path))).Err);
            connecting = RawClient.TryConnectAsync(lagging.EndPoint, new ConnectRequest { LastZxidSeen = writer.LastZxid });
        }
        finally
        {
            await lagging.ResumeAsync();
        }

        // ZooKeeper sends such a client away until it has caught up.
        using var limit = new CancellationTokenSource(Patience);
        var client = await connecting;
        while (client is null && !limit.IsCancellationRequested)
            client = await RawClient.TryConnectAsync(lagging.EndPoint, new ConnectRequest { LastZxidSeen = writer.LastZxid });
        Assert.NotNull(client);
        await using var reader = client;
        Assert.Equal(Writes, (await reader.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path))).Read().Stat().Version);
        await reader.CallAsync(OpCode.CloseSession);
        await writer.CallAsync(OpCode.CloseSession);
    }

    [Fact]
    public async Task ClientThatHasSeenMoreThanAnyServerIsSentAwayByAll()
    {
        var answers = await Task.WhenAll(servers.Cluster.Servers.Select(server =>
            RawClient.TryConnectAsync(server.EndPoint, new ConnectRequest { LastZxidSeen = long.MaxValue })));
        Assert.All(answers, Assert.Null);
    }

    [Fact]
    public async Task WrongPasswordOnAnotherServerDoesNotDisturbTheSession()
    {
        await using var victim = await RawClient.ConnectAsync(Server(0).EndPoint);
        for (var other = 1; other <= 2; other++)
        {
            await using var refused = await RawClient.ConnectAsync(Server(other).EndPoint, victim.Reattachment() with { Password = new byte[16] });
            Assert.Equal(0, refused.SessionId);
            Assert.Null(await refused.ReceiveAsync());
        }
        Assert.Equal(ErrorCode.Ok, (await victim.CallAsync(OpCode.Create, Bodies.Create(Bodies.UniquePath(), Ephemeral))).Err);
        await victim.CallAsync(OpCode.CloseSession);
    }

    /// <summary>
    /// What an older connection still has on its way must not take effect behind what the client does on the newer one. The server of the
    /// older one stands still, and has the requests in its socket when it goes on.
    /// </summary>
    [Fact]
    public async Task RequestsOfTheOlderConnectionDoNotComeBehindThoseOfTheNewer()
    {
        const int Late = 20;
        var root = Bodies.UniquePath();
        var byMode = await servers.Cluster.LeaderFirstAsync();
        await using var older = await RawClient.ConnectAsync(byMode[1].EndPoint);
        Assert.Equal(ErrorCode.Ok, (await older.CallAsync(OpCode.Create, Bodies.Create(root))).Err);
        await byMode[1].PauseAsync();
        RawClient newer;
        long last;
        try
        {
            await older.SendAsync(Enumerable.Range(0, Late).Select(number =>
                RawClient.Payload(older.NextXid(), OpCode.Create, Bodies.Create($"{root}/late{number}"))));
            newer = await older.ReattachAsync(byMode[2].EndPoint);
            var reply = await newer.CallAsync(OpCode.Create, Bodies.Create(root + "/newer"));
            Assert.Equal(ErrorCode.Ok, reply.Err);
            last = reply.Zxid;
        }
        finally
        {
            await byMode[1].ResumeAsync();
        }

        while (await older.ReceiveAsync() is not null)
        {
            // The server closes it, whatever it answered before.
        }
        Assert.Equal(ErrorCode.Ok, (await newer.CallAsync(OpCode.Sync, Bodies.Path(root))).Err);
        var stat = (await newer.CallAsync(OpCode.Exists, Bodies.PathAndWatch(root))).Read().Stat();
        Assert.Equal(last, stat.Pzxid);
        await newer.CallAsync(OpCode.CloseSession);
        await newer.DisposeAsync();
    }

    private ServerProcess Server(int number) => servers.Cluster.Servers[number % servers.Cluster.Servers.Count];
}
