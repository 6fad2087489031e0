using OrleansKeeper.Protocol;
using OrleansKeeper.Protocol.Messages;
using static OrleansKeeper.Tests.Unit.Sessions.TestSession;

namespace OrleansKeeper.Tests.Unit.Sessions;

/// <summary>A session's requests take effect and are answered in the order in which they were sent (rule R5).</summary>
public sealed class ClientSessionTests
{
    [Fact]
    public async Task EachPipelinedReadSeesExactlyTheWriteBeforeIt()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();

        session.Send(Set("/a", 1), Get("/a"), Set("/a", 2), Get("/a"));

        var replies = await session.Output.WaitForAsync(4);
        Assert.Equal([1, 2, 3, 4], replies.Select(reply => reply.Xid));
        Assert.Equal([1], replies[1].Body<GetDataResponse>().Data);
        Assert.Equal([2], replies[3].Body<GetDataResponse>().Data);
        Assert.Equal((1, 2), (VersionOf(replies[0]), VersionOf(replies[2])));
        Assert.Equal(replies[0].Body<SetDataResponse>().Stat, replies[1].Body<GetDataResponse>().Stat);
        Assert.Equal(replies[0].Header.Zxid + 1, replies[2].Header.Zxid);
    }

    [Fact]
    public async Task ReadsBehindAPendingWriteWaitForItAndThoseOfOthersDoNot()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var (session, other) = (await silo.OpenAsync(), await silo.OpenAsync());
        session.Send(Get("/a"));
        Assert.Equal([0], Assert.Single(session.Output.Received).Body<GetDataResponse>().Data);
        silo.Log.Hold();

        session.Send(Set("/a", 1));
        session.Send(Get("/a"), (OpCode.Ping, []));
        other.Send(Get("/a"));

        Assert.Single(session.Output.Received);
        Assert.Equal(3, session.PendingCount);
        Assert.Equal([0], Assert.Single(other.Output.Received).Body<GetDataResponse>().Data);

        silo.Log.Release();
        var replies = await session.Output.WaitForAsync(4);
        Assert.Equal([2, 3, WellKnownXids.Ping], replies.Skip(1).Select(reply => reply.Xid));
        Assert.Equal([1], replies[2].Body<GetDataResponse>().Data);
        Assert.Equal(0, session.PendingCount);
    }

    [Fact]
    public async Task WritesOfAConnectionThatIsGoneAreDecidedAllTheSame()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        Assert.True(session.WaitUntilSettledAsync().IsCompleted);
        silo.Log.Hold();
        session.Send(Set("/a", 1), Set("/a", 2), Get("/a"));
        session.Close();
        var settled = session.WaitUntilSettledAsync();
        Assert.False(settled.IsCompleted);

        silo.Log.Release();
        await settled.WaitAsync(TimeSpan.FromSeconds(20));
        var next = await silo.OpenAsync();
        next.Send(Get("/a"));
        Assert.Equal([2], Assert.Single(next.Output.Received).Body<GetDataResponse>().Data);
    }

    [Fact]
    public async Task R9_WritesThatNobodyWaitsForAreGivenUpWithTheirEpochAndAreSettled()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        silo.Log.Hold();
        session.Send(Set("/a", 1), Set("/a", 2));
        session.Close();
        var settled = session.WaitUntilSettledAsync();
        Assert.False(settled.IsCompleted);

        silo.BeginEpoch(2);
        Assert.True(session.WaitUntilSettledAsync().IsCompleted);
        await settled.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task WatchOfAPipelinedReadFiresForThePipelinedWriteBehindIt()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();

        session.Send(Set("/a", 1), Get("/a", watch: true), Set("/a", 2), Get("/a"), Set("/a", 3));

        var frames = await session.Output.WaitForAsync(6);
        Assert.Equal([1, 2, WellKnownXids.Notification, 3, 4, 5], frames.Select(frame => frame.Xid));
        Assert.Equal([1], frames[1].Body<GetDataResponse>().Data);
        Assert.Equal(new WatcherEvent(WatcherEventType.NodeDataChanged, KeeperState.SyncConnected, "/a"), frames[2].Body<WatcherEvent>());
        Assert.Equal([2], frames[4].Body<GetDataResponse>().Data);
    }

    [Fact]
    public async Task ManyPipelinedRequestsAreAnsweredInOrder()
    {
        const int Pairs = 400;
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();

        for (var i = 1; i <= Pairs; i++)
            session.Send(Set("/a", BitConverter.GetBytes(i)), Get("/a"));

        var replies = await session.Output.WaitForAsync(2 * Pairs);
        Assert.Equal(Enumerable.Range(1, 2 * Pairs), replies.Select(reply => reply.Xid));
        for (var i = 1; i <= Pairs; i++)
        {
            Assert.Equal(i, VersionOf(replies[(2 * i) - 2]));
            Assert.Equal(BitConverter.GetBytes(i), replies[(2 * i) - 1].Body<GetDataResponse>().Data);
        }
    }

    [Fact]
    public async Task WriteThatFailsIsAnsweredInItsTurn()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();

        session.Send(Set("/missing", 1), Get("/missing"), Set("/a", 1));

        var replies = await session.Output.WaitForAsync(3);
        Assert.Equal([ErrorCode.NoNode, ErrorCode.NoNode, ErrorCode.Ok], replies.Select(reply => reply.Header.Error));
        Assert.Equal([1, 2, 3], replies.Select(reply => reply.Xid));
    }

    [Fact]
    public async Task WritesThatCouldNotBeAppendedAreAnsweredInTheirTurnAndDidNotHappen()
    {
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        silo.Log.FailNext(1);

        session.Send(Set("/a", 1), Get("/a"));
        var failed = await session.Output.WaitForAsync(2);
        session.Send(Set("/a", 2), Get("/a"));
        var replies = await session.Output.WaitForAsync(4);

        Assert.Equal(ErrorCode.SystemError, failed[0].Header.Error);
        Assert.Equal([0], failed[1].Body<GetDataResponse>().Data);
        Assert.Equal([1, 2, 3, 4], replies.Select(reply => reply.Xid));
        Assert.Equal(1, VersionOf(replies[2]));
        Assert.Equal([2], replies[3].Body<GetDataResponse>().Data);
    }

    [Fact]
    public async Task UnknownOperationIsAnsweredInItsTurnAndEndsTheConnection()
    {
        const OpCode Unknown = (OpCode)777;
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();
        silo.Log.Hold();
        session.Send(Set("/a", 1), (Unknown, []), Get("/a"));
        Assert.Empty(session.Output.Received);
        Assert.False(session.Output.IsClosed);

        silo.Log.Release();
        var replies = await session.Output.WaitForAsync(2);
        session.Send(Get("/a"));

        Assert.Equal([1, 2], replies.Select(reply => reply.Xid));
        Assert.Equal(ErrorCode.Ok, replies[0].Header.Error);
        Assert.Equal(-6, (int)replies[1].Header.Error);
        Assert.False(replies[1].HasBody);
        Assert.True(session.Output.IsClosed);
        Assert.Equal(2, session.Output.Received.Count);
    }

    [Fact]
    public async Task MalformedBodyIsAnsweredInItsTurnAndTheConnectionGoesOn()
    {
        byte[] malformed = [0, 0, 0, 99, 1];
        using var silo = await SessionFixture.StartAsync();
        await silo.CreateAsync("/a", [0]);
        var session = await silo.OpenAsync();

        session.Send((OpCode.GetData, malformed), (OpCode.SetData, malformed), (OpCode.GetData, malformed), Get("/a"));

        var replies = await session.Output.WaitForAsync(4);
        Assert.Equal([1, 2, 3, 4], replies.Select(reply => reply.Xid));
        Assert.Equal([-5, -5, -5, 0], replies.Select(reply => (int)reply.Header.Error));
        Assert.False(session.Output.IsClosed);
    }
}
