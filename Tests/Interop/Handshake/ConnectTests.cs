using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>The first frame of a connection and its answer.</summary>
public sealed class ConnectTests(ServerPair servers)
{
    [Theory]
    [InlineData(Target.ZooKeeper, true)]
    [InlineData(Target.ZooKeeper, false)]
    [InlineData(Target.ZooKeeper, null)]
    [InlineData(Target.Ours, true)]
    [InlineData(Target.Ours, false)]
    [InlineData(Target.Ours, null)]
    public async Task AnswerHasTheReadOnlyByteIfTheRequestHadIt(Target target, bool? readOnly)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint, new ConnectRequest { ReadOnly = readOnly });
        Assert.Equal(readOnly is null ? null : false, client.Response.ReadOnly);
        Assert.Equal(0, client.Response.ProtocolVersion);
        Assert.NotEqual(0, client.SessionId);
        Assert.Equal(16, client.Response.Password!.Length);
        await client.CallAsync(OpCode.CloseSession);
    }

    [Theory]
    [InlineData(Target.ZooKeeper, 1, 4_000)]
    [InlineData(Target.ZooKeeper, 10_000, 10_000)]
    [InlineData(Target.ZooKeeper, 1_000_000, 40_000)]
    [InlineData(Target.Ours, 1, 4_000)]
    [InlineData(Target.Ours, 10_000, 10_000)]
    [InlineData(Target.Ours, 1_000_000, 40_000)]
    public async Task TimeoutIsBroughtIntoTheServersRange(Target target, int asked, int granted)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint, new ConnectRequest { Timeout = asked });
        Assert.Equal(granted, client.Response.Timeout);
        await client.CallAsync(OpCode.CloseSession);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task NullPasswordOpensASession(Target target)
    {
        using var connection = await RawConnection.OpenAsync(servers[target].EndPoint);
        await connection.SendFrameAsync(new JuteWriter().Int(0).Long(0).Int(10_000).Long(0).Buffer(null).ToArray());
        var answer = ConnectResponse.Parse((await connection.ReceiveFrameAsync())!);
        Assert.NotEqual(0, answer.SessionId);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task RequestsRightBehindTheConnectRequestAreAnswered(Target target)
    {
        using var connection = await RawConnection.OpenAsync(servers[target].EndPoint);
        var path = Bodies.UniquePath();
        byte[] bytes =
        [
            .. RawConnection.Frame(new ConnectRequest().Encode()),
            .. RawConnection.Frame(RawClient.Payload(1, OpCode.Create, Bodies.Create(path))),
            .. RawConnection.Frame(RawClient.Payload(2, OpCode.GetData, Bodies.PathAndWatch(path))),
            .. RawConnection.Frame(RawClient.Payload(3, OpCode.CloseSession)),
        ];
        await connection.SendBytesAsync(bytes);
        Assert.NotEqual(0, ConnectResponse.Parse((await connection.ReceiveFrameAsync())!).SessionId);
        for (var xid = 1; xid <= 3; xid++)
        {
            var reply = Packet.Parse((await connection.ReceiveFrameAsync())!);
            Assert.Equal((xid, ErrorCode.Ok), (reply.Xid, reply.Err));
        }
        Assert.Null(await connection.ReceiveFrameAsync());
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task FrameMayComeByteByByte(Target target)
    {
        using var connection = await RawConnection.OpenAsync(servers[target].EndPoint);
        foreach (var one in RawConnection.Frame(new ConnectRequest().Encode()))
            await connection.SendBytesAsync([one]);
        Assert.NotEqual(0, ConnectResponse.Parse((await connection.ReceiveFrameAsync())!).SessionId);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task ClientThatHasSeenMoreThanTheServerIsSentAwayWithoutAnAnswer(Target target) =>
        Assert.Null(await RawClient.TryConnectAsync(servers[target].EndPoint, new ConnectRequest { LastZxidSeen = long.MaxValue }));

    [Theory]
    [InlineData(Target.ZooKeeper, -1)]
    [InlineData(Target.ZooKeeper, int.MinValue)]
    [InlineData(Target.ZooKeeper, int.MaxValue)]
    [InlineData(Target.ZooKeeper, 1_048_576)]
    [InlineData(Target.Ours, -1)]
    [InlineData(Target.Ours, int.MinValue)]
    [InlineData(Target.Ours, int.MaxValue)]
    [InlineData(Target.Ours, 1_048_576)]
    public async Task ImpossibleFrameLengthEndsTheConnectionAtOnce(Target target, int length)
    {
        using var fresh = await RawConnection.OpenAsync(servers[target].EndPoint);
        await fresh.SendBytesAsync(new JuteWriter().Int(length).ToArray());
        Assert.Null(await fresh.ReceiveFrameAsync());

        using var established = await RawConnection.OpenAsync(servers[target].EndPoint);
        await established.SendFrameAsync(new ConnectRequest().Encode());
        Assert.NotNull(await established.ReceiveFrameAsync());
        await established.SendBytesAsync(new JuteWriter().Int(length).ToArray());
        Assert.Null(await established.ReceiveFrameAsync());
    }
}
