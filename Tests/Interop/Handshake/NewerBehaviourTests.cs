using OrleansKeeper.Tests.Interop.Servers;
using OrleansKeeper.Tests.Interop.Wire;

namespace OrleansKeeper.Tests.Interop.Handshake;

/// <summary>
/// Where the server under test follows ZooKeeper 3.9 and Debian's 3.8.0 cannot be the oracle. Against a stand-in these tests
/// check 3.8's behaviour instead, so that they run either way.
/// </summary>
public sealed class NewerBehaviourTests(ServerPair servers)
{
    /// <summary>A check outside a multi, and what only the server itself may ask for: createSession and deleteContainer.</summary>
    [Theory]
    [InlineData(OpCode.Check, ErrorCode.MarshallingError)]
    [InlineData(-10, ErrorCode.MarshallingError)]
    [InlineData(20, -8)]
    public async Task InternalRequestIsNotImplementedForClients(int opCode, int answerOfZooKeeper)
    {
        await using var client = await RawClient.ConnectAsync(servers.Ours.EndPoint);
        var reply = await client.CallAsync(opCode);
        Assert.Equal(servers.Ours.IsOurs ? ErrorCode.Unimplemented : answerOfZooKeeper, reply.Err);
        if (servers.Ours.IsOurs)
            Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task EventCarriesTheZxidOfItsTransaction()
    {
        await using var client = await RawClient.ConnectAsync(servers.Ours.EndPoint);
        var path = Bodies.UniquePath();
        await client.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path, watch: true));
        await client.SendAsync(OpCode.Create, Bodies.Create(path));
        var happened = await client.ReceiveAsync();
        var reply = await client.ReceiveAsync();
        Assert.True(happened!.IsEvent);
        Assert.Equal(servers.Ours.IsOurs ? reply!.Zxid : -1, happened.Zxid);
        await client.CallAsync(OpCode.CloseSession);
    }

    [Fact]
    public async Task ExistsNeedsThePermissionToRead()
    {
        await using var client = await RawClient.ConnectAsync(servers.Ours.EndPoint);
        var path = Bodies.UniquePath();
        var acl = new JuteWriter().Int(1).Int(30).String("world").String("anyone").ToArray();
        await client.CallAsync(OpCode.Create, new JuteWriter().String(path).Buffer([]).Raw(acl).Int(0));
        Assert.Equal(servers.Ours.IsOurs ? ErrorCode.NoAuth : ErrorCode.Ok, (await client.CallAsync(OpCode.Exists, Bodies.PathAndWatch(path, watch: true))).Err);
        await client.SendAsync(OpCode.Delete, Bodies.Delete(path));
        Assert.False((await client.ReceiveAsync())!.IsEvent);
        await client.CallAsync(OpCode.CloseSession);
    }

    /// <summary>CVE-2024-23944, which Debian has brought to its 3.8.0.</summary>
    [Theory]
    [InlineData(Target.ZooKeeper)]
    [InlineData(Target.Ours)]
    public async Task EventOfAnUnreadableZnodeIsNotSent(Target target)
    {
        await using var client = await RawClient.ConnectAsync(servers[target].EndPoint);
        var path = Bodies.UniquePath();
        var acl = new JuteWriter().Int(1).Int(30).String("world").String("anyone").ToArray();
        await client.CallAsync(OpCode.AddWatch, new JuteWriter().String(path).Int(1));
        await client.SendAsync(OpCode.Create, Bodies.Create(path));
        Assert.True((await client.ReceiveAsync())!.IsEvent);
        Assert.False((await client.ReceiveAsync())!.IsEvent);
        await client.CallAsync(OpCode.Create, new JuteWriter().String(path + "/hidden").Buffer([]).Raw(acl).Int(0));
        await client.CallAsync(OpCode.Delete, Bodies.Delete(path + "/hidden"));
        await client.CallAsync(OpCode.CloseSession);
    }
}
