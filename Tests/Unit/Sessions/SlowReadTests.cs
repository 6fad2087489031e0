using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Jute;
using OrleansKeeper.Protocol.Messages;
using static OrleansKeeper.Tests.Unit.Sessions.TestSession;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>
/// Reads that cannot be answered when their turn comes show nothing of what the session wrote later (rule R5), and wait no longer than they must.
/// </summary>
public sealed class SlowReadTests
{
    [Fact]
    public async Task A_write_waits_for_the_cold_read_before_it_although_somebody_else_brought_the_znode_in()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var (session, other) = (await silo.OpenAsync(), await silo.OpenAsync());

        session.Send(Get("/cold"));
        silo.BringInColdZNode();
        session.Send(Set("/a", 1));
        other.Send(Set("/a", 2));
        var others = Assert.Single(await other.Output.WaitForAsync(1));
        Assert.Equal(1, VersionOf(others));
        Assert.Empty(session.Output.Received);

        silo.ColdZNode.Loaded();
        var replies = await session.Output.WaitForAsync(2);
        Assert.Equal([1, 2], replies.Select(reply => reply.Xid));
        Assert.Equal(others.Header.Zxid, replies[0].Header.Zxid);
        Assert.Equal(2, VersionOf(replies[1]));
    }

    [Fact]
    public async Task A_write_waits_for_the_read_before_it_that_finds_no_room()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        silo.Log.Hold();
        session.Send(Set("/a", 1), Get("/a"));
        session.Output.Fill();
        session.Send(Set("/a", 2));

        silo.Log.Release();
        await session.Output.WaitForAsync(1);
        Assert.Equal(2, session.PendingCount);

        session.Output.MakeRoom();
        var replies = await session.Output.WaitForAsync(3);
        Assert.Equal(replies[0].Header.Zxid, replies[1].Header.Zxid);
        Assert.Equal(2, VersionOf(replies[2]));
    }

    [Fact]
    public async Task A_read_before_a_submitted_write_is_answered_in_its_turn_whether_there_is_room_or_not()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        silo.Log.Hold();
        session.Send(Set("/a", 1), Get("/a"), Set("/a", 2), Get("/a"));
        session.Output.Fill();

        silo.Log.Release();
        var replies = await session.Output.WaitForAsync(3);
        Assert.Equal(replies[0].Header.Zxid, replies[1].Header.Zxid);
        Assert.Equal(3, replies.Count);

        session.Output.MakeRoom();
        Assert.Equal(4, (await session.Output.WaitForAsync(4)).Count);
    }

    [Fact]
    public async Task Much_to_be_read_is_answered_before_a_later_write_is_submitted()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        await silo.CreateAsync("/large", new byte[600_000]);
        var (session, other) = (await silo.OpenAsync(), await silo.OpenAsync());
        silo.Log.Hold();
        session.Send(Set("/a", 1), Get("/large"), Get("/large"), Set("/a", 2));
        other.Send(Set("/a", 3));

        silo.Log.Release();
        Assert.Equal(2, VersionOf(Assert.Single(await other.Output.WaitForAsync(1))));
        Assert.Equal(3, VersionOf((await session.Output.WaitForAsync(4))[3]));
    }

    [Fact]
    public async Task A_write_may_be_answered_by_the_connection_before_the_replica_says_that_it_is_decided()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        silo.Log.Hold();
        session.Send(Set("/a", 1), Sync("/a"));
        var sent = 2;
        lock (session.Output.Lock)
        {
            // The replica's thread waits for the lock to say so, and the sync has its turn by then.
            silo.Log.Release();
            for (; session.PendingCount == sent; sent++)
                session.Send(Get("/a"));
        }

        var replies = await session.Output.WaitForAsync(sent);
        Assert.Equal(Enumerable.Range(1, sent), replies.Select(reply => reply.Xid));
        Assert.False(session.Output.IsClosed);
    }

    [Fact]
    public async Task A_read_whose_znode_left_memory_is_not_answered_behind_a_later_write()
    {
        using var silo = await SessionFixture.StartAsync(cacheBytes: 1);
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        silo.Log.Hold();
        silo.BringInColdZNode();
        session.Send(Set("/a", 1), Get("/cold"), Set("/a", 2));

        silo.Log.Release();
        await session.WaitUntilSettledAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await session.Output.WaitForAsync(1);
        silo.BringInColdZNode();
        silo.ColdZNode.Loaded();
        Assert.Single(session.Output.Received);
        Assert.True(session.Output.IsClosed);
    }

    [Fact]
    public async Task What_pipelined_reads_wait_for_is_loaded_together()
    {
        using var silo = await SessionFixture.StartAsync();
        var session = await silo.OpenAsync();
        session.Send(Get("/cold"), Get("/colder"), (OpCode.Ping, []), (OpCode.GetData, []), Get("/coldest"));
        silo.BringInColdZNode();
        silo.ColdZNode.Loaded();

        // The one in front of it stays cold.
        await silo.ColdZNode.WaitUntilAskedAsync("/coldest");
        Assert.Equal(1, Assert.Single(session.Output.Received).Xid);
        Assert.Equal(4, session.PendingCount);
    }

    [Fact]
    public async Task What_one_request_waits_for_is_loaded_together()
    {
        string[] cold = ["/cold", "/colder", "/coldest"];
        var getChildren = new GetChildrenOperation(new PathWatchRequest("/coldest", false));
        (OpCode, byte[])[] requests =
        [
            (OpCode.SetWatches, JuteRecords.ToArray(new SetWatches(0, ["/cold"], ["/colder"], ["/coldest"]))),
            (OpCode.MultiRead, JuteRecords.ToArray(new MultiRequest(
                [new GetDataOperation(new PathWatchRequest("/cold", false)), new GetDataOperation(new PathWatchRequest("/colder", false)), getChildren]))),
        ];
        foreach (var request in requests)
        {
            using var silo = await SessionFixture.StartAsync();
            var session = await silo.OpenAsync();
            session.Send(request);
            foreach (var path in cold)
                await silo.ColdZNode.WaitUntilAskedAsync(path);
            Assert.Empty(session.Output.Received);
        }
    }
}
