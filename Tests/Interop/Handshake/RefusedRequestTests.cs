using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>Requests that a server does not execute: what it answers, and whether the connection stays.</summary>
public sealed class RefusedRequestTests(ServerPair servers)
{
    private const int BadArguments = -8;

    [Theory]
    [InlineData(Target.ZooKeeper, 77)]
    [InlineData(Target.ZooKeeper, 0)]
    [InlineData(Target.ZooKeeper, 10)]
    [InlineData(Target.Ours, 77)]
    [InlineData(Target.Ours, 0)]
    [InlineData(Target.Ours, 10)]
    public async Task UnknownRequestIsAnsweredAndEndsTheConnection(Target target, int opCode)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        Assert.Equal(ErrorCode.Unimplemented, (await client.CallAsync(opCode)).Err);
        Assert.Null(await client.ReceiveAsync());
        await CloseAsync(await client.ReattachAsync(servers[target].EndPoint));
    }

    [Theory]
    [InlineData(Target.ZooKeeper, OpCode.Create)]
    [InlineData(Target.ZooKeeper, OpCode.GetData)]
    [InlineData(Target.ZooKeeper, OpCode.Multi)]
    [InlineData(Target.Ours, OpCode.Create)]
    [InlineData(Target.Ours, OpCode.GetData)]
    [InlineData(Target.Ours, OpCode.Multi)]
    public async Task MalformedRequestIsAnsweredAndTheConnectionStays(Target target, int opCode)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        Assert.Equal(ErrorCode.MarshallingError, (await client.CallAsync(opCode, new JuteWriter().Int(int.MaxValue))).Err);
        Assert.Equal(ErrorCode.Ok, (await client.CallAsync(OpCode.GetData, Bodies.PathAndWatch("/"))).Err);
        await CloseAsync(client);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task UnknownAuthSchemeIsAnsweredAndEndsTheConnection(Target target)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        var reply = await client.CallAsync(OpCode.Auth, new JuteWriter().Int(0).String("nothing").Buffer([]), Xid.Auth);
        Assert.Equal(ErrorCode.AuthFailed, reply.Err);
        Assert.Null(await client.ReceiveAsync());
    }

    /// <summary>
    /// Without a TTL mode ZooKeeper accepts it and then ends with an exception while it applies the transaction, so only ours is asked.
    /// </summary>
    [Fact]
    public async Task TimeToLiveBelowZeroHarmsNobody()
    {
        await using var client = await RawClient.ConnectAsync(servers.Ours.EndPoint);
        if (servers.Ours.IsOurs)
            await client.CallAsync(OpCode.CreateTtl, Bodies.CreateTtl(Bodies.UniquePath(), flags: 0, ttl: -1));
        var reply = await client.CallAsync(OpCode.CreateTtl, Bodies.CreateTtl(Bodies.UniquePath(), flags: 5, ttl: -1));
        Assert.Equal(BadArguments, reply.Err);
        Assert.Equal(ErrorCode.Ok, (await client.CallAsync(OpCode.Create, Bodies.Create(Bodies.UniquePath()))).Err);
        await CloseAsync(client);
    }

    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task CloseIsAnsweredAndThenTheConnectionEnds(Target target)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        var reply = await client.CallAsync(OpCode.CloseSession);
        Assert.Equal((ErrorCode.Ok, 0), (reply.Err, reply.Body.Length));
        Assert.Null(await client.ReceiveAsync());
    }

    private static async Task CloseAsync(RawClient client)
    {
        await client.CallAsync(OpCode.CloseSession);
        await client.DisposeAsync();
    }
}
